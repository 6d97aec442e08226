/** What legs have in common that are compared with each other at all. */
export interface LegKind {
  flow: string;
  leg: string;
  domain: string;
  /** The calendar whose working time is counted; empty: all time is. */
  calendar: string;
  criticality: string;
}

/** What makes legs of a kind more alike. Empty text: whichever. */
export interface Likeness {
  site: string;
  supplier: string;
  /** When in the week it started, as `toStartHours` has it. */
  hours: string;
}

/** How the legs of one kind and likeness went on, by the cell of the share of their budget. */
export interface Cohort extends LegKind, Likeness {
  /** Legs that ended in time. */
  ended: readonly number[];
  /** Those of them whose deadline has passed, so that nobody knows only because they were quick. */
  matured: readonly number[];
  /** Legs that had not ended when one looked; after that share nothing is known of them. */
  running: readonly number[];
  /** Legs that had not ended at their deadline. */
  late: number;
}

/** How alike the legs of a group are, from the whole leg to the hours of one supplier at one site. */
export const FORECAST_LEVELS = ["leg", "site", "supplier", "site-supplier", "hours"] as const;
export type ForecastLevel = (typeof FORECAST_LEVELS)[number];

const WHICHEVER: Likeness = { site: "", supplier: "", hours: "" };

export function toLevel({ site, supplier, hours }: Likeness): ForecastLevel {
  if (hours !== "") return "hours";
  if (site !== "" && supplier !== "") return "site-supplier";
  if (supplier !== "") return "supplier";
  return site !== "" ? "site" : "leg";
}

/** The larger group whose history a group leans on; none for the whole leg. */
export function findParent({ site, supplier, hours }: Likeness): Likeness | undefined {
  if (hours !== "") return { site, supplier, hours: "" };
  if (site !== "" && supplier !== "") return { ...WHICHEVER, supplier };
  return site === "" && supplier === "" ? undefined : WHICHEVER;
}

/** The groups that a leg belongs to, the most alike first, each once. */
export function listGroups({ site, supplier, hours }: Likeness): Likeness[] {
  const groups = [
    { site, supplier, hours },
    { site, supplier, hours: "" },
    { ...WHICHEVER, supplier },
    { ...WHICHEVER, site },
    WHICHEVER,
  ];
  const seen = new Set<string>();
  return groups.filter((group) => {
    const key = toLikenessKey(group);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

export function toKindKey({ flow, leg, calendar, criticality }: Omit<LegKind, "domain">): string {
  return [flow, leg, calendar, criticality].join("\u0000");
}

export function toLikenessKey({ site, supplier, hours }: Likeness): string {
  return [site, supplier, hours].join("\u0000");
}
