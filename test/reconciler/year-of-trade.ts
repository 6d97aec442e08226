import type { Measure } from "@throughline/schemas/event";
import type { Fact } from "../../api/src/projections/fact.ts";
import { createRandom } from "../simulator/random.ts";

export const YEAR_START = Date.UTC(2025, 0, 1);
export const YEAR_END = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LINES_AN_ORDER = 4;

/** What can be wrong with an order line, and the code that matching has for it; none where only a reconciliation finds it. */
export const FAULTS = {
  "price-above": "PRICE",
  "price-below": "UNDERBILL",
  "billed-too-much": "QTY_OVER_RECEIVED",
  "never-received": "NO_RECEIPT",
  "unknown-unit": "UOM_UNKNOWN",
  "unknown-order": "NO_PO",
  "never-posted": "NO_RECEIPT",
  "posted-short": undefined,
  "never-paid": undefined,
} as const;
export type Fault = keyof typeof FAULTS;
const KINDS: readonly Fault[] = [
  "price-above",
  "price-below",
  "billed-too-much",
  "never-received",
  "unknown-unit",
  "unknown-order",
  "never-posted",
  "posted-short",
  "never-paid",
];

export interface Year {
  /** In the order of arrival, some twice, some days late. */
  facts: Fact[];
  /** By the id of the invoice line. */
  faults: ReadonlyMap<string, { fault: Fault; receipt: string }>;
}

/** A year of purchases of so many order lines; one line in twenty has one fault. The same for the same number and seed. */
export function createYear(lines: number, seed: number): Year {
  const random = createRandom(seed, "year");
  const pick = (count: number) => random.whole(0, count - 1);
  const facts: Fact[] = [];
  const faults = new Map<string, { fault: Fault; receipt: string }>();
  for (let first = 0; first < lines; first += LINES_AN_ORDER) {
    const orderedAt = YEAR_START + (first / lines) * 340 * DAY_MS + pick(8) * HOUR_MS;
    const billedAt = orderedAt + (12 + pick(8)) * DAY_MS;
    const own = Array.from({ length: Math.min(LINES_AN_ORDER, lines - first) }, (_, index) => {
      const fault = pick(20) === 0 ? KINDS[pick(KINDS.length)] : undefined;
      const line = createLine({ order: first / LINES_AN_ORDER, index, fault, pick });
      if (fault) faults.set(line.invoiceLine, { fault, receipt: line.receipt });
      return line;
    });
    const gross = own.reduce((sum, { billedCents }) => sum + billedCents, 0);
    for (const line of own) facts.push(...listFacts(line, { orderedAt, billedAt, gross, pick }));
  }
  return {
    facts: toArrivals(
      facts.filter(({ time }) => time < YEAR_END),
      pick,
    ),
    faults,
  };
}

interface Line {
  id: string;
  order: string;
  supplier: string;
  item: string;
  site: string;
  receipt: string;
  invoice: string;
  invoiceLine: string;
  fault: Fault | undefined;
  quantity: number;
  priceCents: number;
  /** What is billed. */
  billed: number;
  billedCents: number;
}

type Pick = (count: number) => number;

function createLine(of: { order: number; index: number; fault: Fault | undefined; pick: Pick }): Line {
  const { order, index, fault, pick } = of;
  const [quantity, priceCents] = [10 + pick(40), 500 + pick(20_000)];
  const billed = fault === "billed-too-much" ? Math.ceil(quantity * 1.5) : toPosted(quantity, fault);
  const factor = fault === "price-above" ? 105 : fault === "price-below" ? 90 : 100;
  const invoice = `INV-${order}`;
  return {
    id: `45${order}/${index}`,
    order: `45${order}`,
    supplier: `S${order % 40}`,
    item: `item-${pick(500)}`,
    site: `site-${order % 3}`,
    receipt: `50${order}/${index}`,
    invoice,
    invoiceLine: `${invoice}/${index}`,
    fault,
    quantity,
    priceCents,
    billed,
    billedCents: Math.round((billed * priceCents * factor) / 100),
  };
}

/** What the ERP says was received: a posting may be short. */
function toPosted(quantity: number, fault: Fault | undefined): number {
  return fault === "posted-short" ? quantity - 1 : quantity;
}

interface Said {
  type: string;
  time: number;
  objects: Record<string, string>;
  measures: Record<string, Measure>;
}

function toFact(line: Line, { type, time, objects, measures }: Said): Fact {
  const [domain = ""] = type.split(".");
  return {
    log: "log",
    position: 0,
    source: `/${domain}`,
    id: `${type} ${line.id}`,
    revision: 0,
    digest: "00",
    type,
    domain,
    time,
    arrivedAt: time,
    site: line.site,
    outcome: "",
    objects: Object.entries({ purchase_order_line: line.id, ...objects }).map(([kind, id]) => ({ type: kind, id })),
    reverses: undefined,
    measures,
    attributes: {},
  };
}

interface Times {
  orderedAt: number;
  billedAt: number;
  gross: number;
  pick: Pick;
}

function listFacts(line: Line, times: Times): Fact[] {
  const ordered = {
    type: "procurement.purchase_order.issued",
    time: times.orderedAt,
    objects: { purchase_order: line.order, supplier: line.supplier, item: line.item },
    measures: { quantity: toQuantity(line.quantity), price: toMoney(line.priceCents) },
  };
  return [ordered, ...listReceived(line, times), ...listBilled(line, times)].map((said) => toFact(line, said));
}

function listReceived({ fault, receipt, quantity }: Line, { orderedAt, pick }: Times): Said[] {
  const time = orderedAt + (2 + pick(8)) * DAY_MS;
  const objects = { goods_receipt: receipt };
  const recorded = {
    type: "receiving.goods_receipt.recorded",
    time,
    objects,
    measures: { quantity: toQuantity(quantity) },
  };
  const posted = {
    type: "erp.goods_receipt.posted",
    time: time + pick(60) * 60_000,
    objects,
    measures: { quantity: toQuantity(toPosted(quantity, fault)) },
  };
  if (fault === "never-received") return [];
  return fault === "never-posted" ? [recorded] : [recorded, posted];
}

function listBilled(line: Line, { billedAt, gross }: Times): Said[] {
  const { fault, billed, billedCents } = line;
  const objects = {
    invoice: line.invoice,
    invoice_line: line.invoiceLine,
    supplier: line.supplier,
    ...(fault === "unknown-order" && { purchase_order_line: `none-${line.id}` }),
  };
  const measures = {
    quantity: toQuantity(billed, fault === "unknown-unit" ? "CS" : "EA"),
    amount: toMoney(billedCents),
  };
  const say = (verb: string, time: number) => ({ type: `erp.invoice.${verb}`, time, objects, measures });
  const received = say("received", billedAt);
  return [
    { ...received, measures: { ...measures, gross: toMoney(gross) } },
    say("matched", billedAt + HOUR_MS),
    say("posted", billedAt + 2 * HOUR_MS),
    ...(fault === "never-paid" ? [] : [say("cleared", billedAt + 10 * DAY_MS)]),
  ];
}

function toQuantity(value: number, unit = "EA"): Measure {
  return { value: String(value), unit };
}

function toMoney(cents: number): Measure {
  const text = String(cents).padStart(3, "0");
  return { value: `${text.slice(0, -2)}.${text.slice(-2)}`, currency: "USD" };
}

/** One in twenty comes up to three days late, and one in fifty comes twice. */
function toArrivals(facts: readonly Fact[], pick: Pick): Fact[] {
  const late = facts.map((fact) => ({ ...fact, arrivedAt: fact.time + (pick(20) === 0 ? pick(72) * HOUR_MS : 1000) }));
  const twice = late
    .filter(() => pick(50) === 0)
    .map((fact) => ({ ...fact, arrivedAt: fact.arrivedAt + pick(72) * HOUR_MS }));
  return [...late, ...twice].toSorted((a, b) => a.arrivedAt - b.arrivedAt);
}
