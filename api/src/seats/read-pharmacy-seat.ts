import type { PharmacySeat, PharmacySeatQuery, Shortage, ShortageState } from "../contract/seat.ts";
import { SHORTAGE_STATES } from "../contract/seat.ts";
import { forecastLegs } from "../figures/forecast-legs.ts";
import type { ApiDeps } from "../http/deps.ts";
import { toHref, toJourneyHref } from "../http/href.ts";
import type { Asker } from "../queries/ask.ts";
import { type LegCountRow, countLegs } from "../queries/count-legs.ts";
import { toInstant } from "../queries/time-range.ts";
import type { ReadSeatFeeds } from "./seat-reading.ts";
import { FLOW, LEG, listWorstFirst, type ShortageFilter, VERDICTS } from "./list-worst-first.ts";
import { findExpected, readSupplies } from "./supply.ts";

const DOMAIN = "pharmacy";
const ORDER_DOMAINS = ["procurement", "supplier"] as const;

/** What the pharmacy sees: what is below par now, and how it stands. */
export async function readPharmacySeat(
  deps: ApiDeps & { readFeeds: ReadSeatFeeds },
  asker: Asker,
  { site }: PharmacySeatQuery,
): Promise<PharmacySeat> {
  const { reader, readFeeds, now } = deps;
  const verdict = SHORTAGE_STATES.flatMap((state) => VERDICTS[state]);
  const selection = { flow: [FLOW], leg: [LEG], site, ended: "no", verdict } as const;
  const because = findReason(deps, asker);
  const [feeds, all, critical] = await Promise.all([
    readFeeds(asker, { seat: "pharmacy", site }),
    because === undefined ? countLegs(reader, asker, selection) : [],
    because === undefined ? countLegs(reader, asker, { ...selection, criticality: ["critical"] }) : [],
  ]);
  const shared = { readAt: toInstant(now()), feeds, flow: FLOW, leg: LEG };
  if (because !== undefined) return { ...shared, because, standing: null };
  const ofCritical = toStanding(critical, { site, criticality: "critical" });
  return { ...shared, because: null, standing: { ...toStanding(all, { site }), critical: ofCritical } };
}

function toStanding(rows: readonly LegCountRow[], filter: { site: string[] | undefined; criticality?: string }) {
  const count = (state: ShortageState) => ({
    value: rows.filter(({ verdict }) => VERDICTS[state].includes(verdict)).reduce((sum, { legs }) => sum + legs, 0),
    href: toHref("/seats/pharmacy/shortages", { ...filter, state }),
  });
  return {
    waiting: count("waiting"),
    atRisk: count("at_risk"),
    overdue: count("overdue"),
    late: count("late"),
    unknown: count("unknown"),
  };
}

/** Why nothing can be said of shortages; undefined where something can. */
function findReason({ pack }: ApiDeps, asker: Asker): string | undefined {
  const { domains } = asker.scope;
  if (domains !== "*" && !domains.includes(DOMAIN))
    return `shortages are shown to keys of the domain ${DOMAIN}, and yours is of ${domains.join(", ")}`;
  const isKept = pack.flows.get(FLOW)?.legs.some(({ id }) => id === LEG) === true;
  return isKept ? undefined : `the configuration has no flow ${FLOW} with a leg ${LEG}`;
}

/** One page of what is below par, the worst first, each with its order lines and what to expect. */
export async function listShortages(
  { reader, workingTimes, now }: ApiDeps,
  asker: Asker,
  query: ShortageFilter & { limit: number; cursor: string | undefined },
): Promise<{ items: Shortage[]; nextCursor: string | null }> {
  const at = now();
  const page = await listWorstFirst(reader, asker, { ...query, clock: { now: at, workingTimes } });
  const legs = await forecastLegs({ reader, asker, at }, page.items);
  const supplies = await readSupplies(
    reader,
    asker,
    legs.map(({ instance }) => instance.id),
  );
  const today = toInstant(at).slice(0, 10);
  const { domains } = asker.scope;
  const seesOrders = domains === "*" || ORDER_DOMAINS.every((domain) => domains.includes(domain));
  const items = legs.map((leg): Shortage => {
    const supply = supplies.get(leg.instance.id);
    const orders = supply?.orders ?? [];
    return {
      id: leg.instance.id,
      item: supply?.item ?? null,
      location: supply?.location ?? null,
      onHand: supply?.onHand ?? null,
      par: supply?.par ?? null,
      leg: { ...leg, href: toJourneyHref(leg.instance) },
      orders,
      isOrdered: orders.length > 0 ? true : seesOrders ? false : null,
      expected: findExpected(orders, today),
    };
  });
  return { items, nextCursor: page.nextCursor };
}
