import type { Event, Reversal } from "@throughline/schemas/event";
import { type Agenda, createAgenda } from "./agenda.ts";
import { type Catalogue, createCatalogue } from "./catalogue.ts";
import { MINUTE, type Pace } from "./demand.ts";
import type { ServiceSpan } from "./otlp.ts";
import { type OutageCalendar, createOutageCalendar, toOutageCalendar } from "./outages.ts";
import { toVersion } from "./contracts.ts";
import { bookMove } from "./counts.ts";
import { deliver } from "./deliver.ts";
import { type IncidentKind, type Incidents, NO_INCIDENTS } from "./incidents.ts";
import type { Requisition } from "./documents.ts";
import { type Random, createRandom } from "./random.ts";
import type { FaultRates, TruthRow } from "./truth.ts";

/** What leaves the trade, with the time at which it is sent. */
export type Dispatch = { sendAt: number } & (
  | { kind: "event"; event: Event }
  | { kind: "malformed"; body: object }
  | { kind: "spans"; spans: ServiceSpan[] }
  | { kind: "truth"; row: TruthRow }
);

export interface EventDraft {
  type: string;
  source: string;
  site: string;
  /** Pairs of type and id; the first one names the event too. */
  objects: readonly (readonly [type: string, id: string])[];
  attributes?: Record<string, string | number | boolean | string[]>;
  measures?: Record<string, { value: string; unit: string } | { value: string; currency: string }>;
  outcome?: "failed" | "rejected";
  error?: {
    class: "business_rule" | "contract" | "duplicate" | "mapping" | "transport";
    code: string;
    message: string;
    retryable: boolean;
  };
  reverses?: Reversal;
  traceparent?: string | undefined;
}

/** How the word of an event gets through. */
export interface Delivery {
  isLost?: boolean;
  /** Held back this long, though it happened in time. */
  heldMs?: number;
}

export interface SimulationOptions {
  seed: number;
  /** Unix milliseconds at which the trade begins. */
  from: number;
  hospitals: number;
  suppliers: number;
  items: number;
  /** How often each kind of fault strikes now. */
  faults: FaultRates;
  /** What is planned; without it outages and releases are drawn by the rates, and there is nothing else. */
  incidents?: Incidents | undefined;
  pace: Pace;
  /** Share of orders whose systems send spans. */
  tracedShare: number;
  /** How often each source says that it is alive now. */
  heartbeatEveryMs: number;
}

/** The state that all processes of the trade share, and the ways in which they act. */
export interface Simulation {
  options: SimulationOptions;
  /** Three digits of the day on which the trade began; numbers and ids start with them. */
  era: string;
  /** Requisitions that wait for the next order, by site and supplier. */
  baskets: Map<string, Requisition[]>;
  /** New suppliers that wait for their first order: each takes one requisition. */
  newcomers: ((requisition: Requisition, now: number) => void)[];
  catalogue: Catalogue;
  random(name: string): Random;
  /** Number of the next document of a kind, unique in this and in trades that began on other days. */
  number(kind: string, digits: number): string;
  schedule(at: number, action: (now: number) => void): void;
  /** Sends the word of what happens now; returns the event as its source sees it. */
  send(now: number, draft: EventDraft, delivery?: Delivery): Event;
  sendSpans(sendAt: number, spans: ServiceSpan[]): void;
  /** Sends what is no event and will be refused. */
  sendMalformed(sendAt: number, body: object): void;
  recordFault(now: number, row: Omit<TruthRow, "id">): void;
  /** When a system is down: `erp`, or a source. */
  outages(system: string): OutageCalendar;
  /** When a supplier tries a release with another version of its documents. */
  releases(source: string): OutageCalendar;
  /** When something else is so, as it is planned. */
  incident(kind: IncidentKind, of: string): OutageCalendar;
  /** Pieces of controlled substances by the books, by location and item. */
  books: Map<string, number>;
  /** What waits for the certificate of a supplier to be renewed. */
  waiting: Map<string, { type: string; id: string }[]>;
  /** Releases that the truth names already. */
  noted: Set<string>;
  /** Calls of the item master in the current hour, by hour. */
  itemCalls: Map<number, number>;
  sources: ReadonlyMap<string, { site: string; sent: number }>;
  agenda: Agenda<(now: number) => void>;
  outbox: Agenda<Dispatch>;
}

/** An empty trade in which nothing is scheduled yet. */
export function createSimulation(options: SimulationOptions): Simulation {
  const agenda = createAgenda<(now: number) => void>();
  const outbox = createAgenda<Dispatch>();
  const counters = new Map<string, number>();
  const sources = new Map<string, { site: string; sent: number }>();
  const era = String(Math.floor(options.from / (24 * 60 * MINUTE)) % 1000).padStart(3, "0");
  const count = (kind: string) => {
    const next = (counters.get(kind) ?? 0) + 1;
    counters.set(kind, next);
    return next;
  };
  const calendars = createIncidents(options);
  const simulation: Simulation = {
    options,
    era,
    baskets: new Map(),
    newcomers: [],
    catalogue: createCatalogue(options),
    random: (name) => createRandom(options.seed, name),
    number: (kind, digits) => era + String(count(kind)).padStart(digits, "0"),
    schedule: (at, action) => agenda.add(at, action),
    send: (now, draft, delivery = {}) => send({ now, draft, delivery }),
    sendSpans: (sendAt, spans) => outbox.add(sendAt, { kind: "spans", sendAt, spans }),
    sendMalformed: (sendAt, body) => outbox.add(sendAt, { kind: "malformed", sendAt, body }),
    recordFault: (now, row) => {
      const id = `fault-${era}-${String(count("fault")).padStart(5, "0")}`;
      outbox.add(now, { kind: "truth", sendAt: now, row: { id, ...row } });
    },
    ...calendars,
    books: new Map(),
    waiting: new Map(),
    noted: new Set(),
    itemCalls: new Map(),
    sources,
    agenda,
    outbox,
  };
  const deliveries = createRandom(options.seed, "deliveries");
  const send = ({ now, draft, delivery }: { now: number; draft: EventDraft; delivery: Delivery }) => {
    const source = sources.get(draft.source) ?? { site: draft.site, sent: 0 };
    sources.set(draft.source, source);
    source.sent += 1;
    const event = toEvent(draft, { now, id: `${era}-${source.sent}`, version: toVersion(simulation, draft, now) });
    bookMove(simulation, draft);
    deliver(simulation, { event, now, delivery, random: deliveries });
    return event;
  };
  return simulation;
}

/** When systems are down and suppliers try releases: as it is planned, else as it is drawn. */
function createIncidents(options: SimulationOptions): Pick<Simulation, "outages" | "releases" | "incident"> {
  const { incidents = NO_INCIDENTS } = options;
  const incident = (kind: IncidentKind, of: string) => toOutageCalendar(incidents(kind, of));
  if (options.incidents !== undefined)
    return {
      outages: (system) => incident("outage", system),
      releases: (source) => incident("version-drift", source),
      incident,
    };
  const calendarOf = createCalendars(options);
  return {
    outages: (system) => calendarOf(`outages/${system}`, options.faults.outageDays),
    releases: (source) => calendarOf(`releases${source}`, options.faults.driftDays),
    incident,
  };
}

/** Calendars by name, each drawn by a chance of its own. */
function createCalendars({ seed, from }: SimulationOptions) {
  const calendars = new Map<string, OutageCalendar>();
  return (name: string, meanDays: number): OutageCalendar => {
    const known = calendars.get(name);
    if (known !== undefined) return known;
    const calendar = createOutageCalendar(createRandom(seed, name), from, meanDays);
    calendars.set(name, calendar);
    return calendar;
  };
}

function toEvent(
  draft: EventDraft,
  { now, id, version }: { now: number; id: string; version: ReturnType<typeof toVersion> },
): Event {
  const { type, source, site, outcome, error, reverses, measures } = draft;
  const { dataschema, schema_version: schemaVersion } = version;
  const attributes =
    schemaVersion === undefined ? draft.attributes : { ...draft.attributes, schema_version: schemaVersion };
  const objects = draft.objects.map(([objectType, objectId]) => ({ type: objectType, id: objectId }));
  return {
    specversion: "1.0",
    id,
    source,
    type,
    time: new Date(now).toISOString(),
    sequence: id.slice(id.indexOf("-") + 1),
    ...(site === "" ? {} : { site }),
    ...(dataschema === undefined ? {} : { dataschema }),
    ...(draft.traceparent === undefined ? {} : { traceparent: draft.traceparent }),
    data: {
      ...(objects.length === 0 ? {} : { objects }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(error === undefined ? {} : { error }),
      ...(reverses === undefined ? {} : { reverses }),
      ...(measures === undefined ? {} : { measures }),
      ...(attributes === undefined ? {} : { attributes }),
    },
  };
}
