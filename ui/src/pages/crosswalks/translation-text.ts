import type { MappingWait, Translation } from "@throughline/api/contract";

export const TRANSLATION_STATES = ["proposed", "approved", "rejected", "withdrawn", "replaced"] as const;

export const STATE_FACES: Record<Translation["state"], { word: string; meaning: string }> = {
  proposed: { word: "Proposed", meaning: "Waits for another person's approval; it translates nothing yet." },
  approved: { word: "Approved", meaning: "Edges translate by it; documents that waited for it are mapped again." },
  rejected: { word: "Rejected", meaning: "Another person refused it; it translates nothing." },
  withdrawn: { word: "Withdrawn", meaning: "It was taken back; what it translated is unknown again." },
  replaced: { word: "Replaced", meaning: "Another translation took its place." },
};

export const KINDS = ["item", "supplier", "location", "unit", "cost_centre"] as const;
export const KIND_WORDS: Record<Translation["kind"], string> = {
  item: "Item",
  supplier: "Supplier",
  location: "Location",
  unit: "Unit",
  cost_centre: "Cost centre",
};

/** `always`, `from 2026-03-01`, `2026-03-01 to 2026-03-31`. */
export function sayDays({ effectiveFrom, effectiveTo }: Pick<Translation, "effectiveFrom" | "effectiveTo">): string {
  if (effectiveFrom === null) return effectiveTo === null ? "always" : `to ${effectiveTo}`;
  return effectiveTo === null ? `from ${effectiveFrom}` : `${effectiveFrom} to ${effectiveTo}`;
}

/** Where a translation holds: `everywhere`, `at NORTH, through inventory`. */
export function sayPlace({ site, interface: name }: Pick<Translation, "site" | "interface">): string {
  const parts = [site && `at ${site}`, name && `through ${name}`].filter((part) => part !== "");
  return parts.length === 0 ? "everywhere" : parts.join(", ");
}

/** What somebody typed into the form for a translation. */
export interface TranslationDraft {
  crosswalk: string;
  kind: Translation["kind"];
  from: string;
  fromSystem: string;
  to: string;
  toSystem: string;
  reversible: boolean;
  site: string;
  domain: string;
  interface: string;
  effectiveFrom: string;
  effectiveTo: string;
  reason: string;
  /** The id of the approved one that it takes the place of; empty: of none. */
  replaces: string;
}

export type DraftFaults = Partial<Record<keyof TranslationDraft, string>>;

export const EMPTY_DRAFT: TranslationDraft = {
  crosswalk: "item",
  kind: "item",
  from: "",
  fromSystem: "",
  to: "",
  toSystem: "",
  reversible: false,
  site: "",
  domain: "",
  interface: "",
  effectiveFrom: "",
  effectiveTo: "",
  reason: "",
  replaces: "",
};

/** A draft for what waits; where it holds is for who proposes it to say. */
export function toDraft(wait: MappingWait): TranslationDraft {
  const kind = KINDS.find((each) => each === wait.kind) ?? "item";
  return { ...EMPTY_DRAFT, crosswalk: wait.crosswalk, kind, from: wait.value };
}

/** A draft of what takes the place of a translation: all but what was wrong is as it was. */
export function toReplacement(of: Translation): TranslationDraft {
  const { crosswalk, kind, from, fromSystem, to, toSystem, reversible, site, domain, interface: name } = of;
  return {
    crosswalk,
    kind,
    from,
    fromSystem,
    to,
    toSystem,
    reversible,
    site,
    domain,
    interface: name,
    effectiveFrom: of.effectiveFrom ?? "",
    effectiveTo: of.effectiveTo ?? "",
    reason: "",
    replaces: of.id,
  };
}

const MIN_REASON = 3;

/** What is still wrong with a draft, field by field; the API checks all of it again. */
export function listFaults(draft: TranslationDraft): DraftFaults {
  const faults: DraftFaults = {};
  if (draft.from.trim() === "") faults.from = "Say which value it is about.";
  if (draft.to.trim() === "") faults.to = "Say what it is called here.";
  if (draft.effectiveFrom !== "" && draft.effectiveTo !== "" && draft.effectiveTo < draft.effectiveFrom)
    faults.effectiveTo = "It has to end on or after its first day.";
  if (draft.reason.trim().length < MIN_REASON) faults.reason = "Say where you know it from, for who approves it.";
  return faults;
}

/** A draft without faults as the API takes it: what is empty is left out. */
export function toNewTranslation(draft: TranslationDraft) {
  const { crosswalk, kind, from, to, reversible, reason, ...rest } = draft;
  const given = (text: string): string | undefined => (text.trim() === "" ? undefined : text.trim());
  const named = {
    fromSystem: given(rest.fromSystem),
    toSystem: given(rest.toSystem),
    site: given(rest.site),
    domain: given(rest.domain),
    interface: given(rest.interface),
    effectiveFrom: given(rest.effectiveFrom),
    effectiveTo: given(rest.effectiveTo),
    replaces: given(rest.replaces),
  };
  return {
    crosswalk: crosswalk.trim(),
    kind,
    from: from.trim(),
    to: to.trim(),
    reversible,
    reason: reason.trim(),
    ...named,
  };
}

/** What the API found wrong, by the field that it is about; what names no field is left out. */
export function toFaults(errors: readonly { path: string; message: string }[]): DraftFaults {
  const faults: DraftFaults = {};
  for (const { path, message } of errors) {
    const field = path.split("/").at(-1);
    const name = DRAFT_FIELDS.find((each) => each === field);
    if (name !== undefined) faults[name] ??= `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
  }
  return faults;
}

const DRAFT_FIELDS = [
  "crosswalk",
  "kind",
  "from",
  "fromSystem",
  "to",
  "toSystem",
  "site",
  "domain",
  "interface",
  "effectiveFrom",
  "effectiveTo",
  "reason",
] as const;

/** What tells a value that waits apart in the URL. */
export function toWaitKey({ crosswalk, value, interface: name, site, domain }: MappingWait): string {
  return JSON.stringify([crosswalk, value, name, site, domain]);
}
