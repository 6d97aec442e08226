import { type FiscalPeriod, findPeriod, toStartOfDay } from "@throughline/schemas/calendar/fiscal-period";
import type {
  Books,
  Reconciliation,
  Reconciliations,
  ReconciliationSide,
} from "@throughline/schemas/pack/reconciliation";
import type { Fact } from "../fact.ts";
import { toMilliseconds } from "../legs/duration.ts";
import { type EventMatcher, isMatch, toMatcher } from "../legs/matchers.ts";
import { SIDES, type Side } from "./entry.ts";

interface SideModel {
  events: readonly { matcher: EventMatcher; isMinus: boolean }[];
  reversals: ReadonlySet<string>;
  milestone: string | undefined;
  dateAttribute: string | undefined;
  isLevel: boolean;
}

/** A reconciliation as evaluators use it. */
export interface ReconciliationModel {
  rule: Reconciliation;
  version: string;
  sides: Readonly<Record<Side, SideModel>>;
  /** All types of events that concern it. */
  types: ReadonlySet<string>;
  /** The type of the object that its keys begin with. */
  subjectType: string;
  lagMs: number;
  clock: BookClock;
}

/** Dates and fiscal periods by the clocks of sites. */
export interface BookClock {
  zoneOf: (site: string) => string;
  periodOf: (time: number, site: string) => FiscalPeriod;
  /** The first moment of a day such as "2026-03-31"; undefined for what is none. */
  startOf: (day: unknown, site: string) => number | undefined;
}

export function toReconciliationModels(reconciliations: Reconciliations | undefined): ReconciliationModel[] {
  if (reconciliations === undefined) return [];
  const clock = createBookClock(reconciliations.books);
  return reconciliations.reconciliations.map((rule) => {
    const sides = { a: toSideModel(rule.a), b: toSideModel(rule.b) };
    const types = SIDES.flatMap((side) => [
      ...sides[side].events.map(({ matcher }) => matcher.type),
      ...sides[side].reversals,
    ]);
    return {
      rule,
      version: reconciliations.versions.get(rule.id) ?? "",
      sides,
      types: new Set(types),
      subjectType: (rule.key[0] ?? "").slice("object.".length),
      lagMs: toMilliseconds(rule.lag),
      clock,
    };
  });
}

/** What the fact is to a side: `plus` or `minus` as it states, or nothing. Failures state nothing. */
export function findRole(model: ReconciliationModel, fact: Fact): { side: Side; isMinus: boolean } | undefined {
  for (const side of SIDES) {
    const event = model.sides[side].events.find(({ matcher }) => isMatch(matcher, fact));
    if (event) return { side, isMinus: event.isMinus };
  }
  return undefined;
}

function toSideModel(side: ReconciliationSide): SideModel {
  return {
    events: side.events.map((event) => ({ matcher: toMatcher(event), isMinus: event.sign === "minus" })),
    reversals: new Set(side.reversals),
    milestone: side.milestone,
    dateAttribute: side.date === "event" ? undefined : side.date.slice("attributes.".length),
    isLevel: side.isLevel,
  };
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** A site that is not listed goes by the clocks and the calendar of the company that it belongs to, else by those of the books. */
export function createBookClock(books: Books): BookClock {
  const known = new Map<string, FiscalPeriod[]>();
  const companyOf = new Map(books.companies.flatMap((company) => company.sites.map((site) => [site, company])));
  const zoneOf = (site: string) => books.sites[site] ?? companyOf.get(site)?.zone ?? books.zone;
  return {
    zoneOf,
    periodOf: (time, site) => {
      const zone = zoneOf(site);
      const own = companyOf.get(site)?.calendar;
      const name = own === undefined ? zone : `${zone} ${companyOf.get(site)?.id}`;
      const periods = known.get(name) ?? [];
      const found = periods.find(({ from, until }) => from <= time && time < until);
      if (found) return found;
      const period = findPeriod(time, zone, own ?? books.calendar);
      known.set(name, [period, ...periods]);
      return period;
    },
    startOf: (day, site) => {
      if (typeof day !== "string" || !DAY.test(day) || Number.isNaN(Date.parse(day))) return undefined;
      return new Date(day).toISOString().slice(0, 10) === day ? toStartOfDay(day, zoneOf(site)) : undefined;
    },
  };
}
