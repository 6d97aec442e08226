import { DAY, HOUR } from "./demand.ts";
import { strikeMalformed } from "./faults.ts";
import type { Simulation } from "./simulation.ts";
import { ERP } from "./sources.ts";

/** Further ahead than any history, so that it lies in the future whenever it is sent. */
const AHEAD = 400 * DAY;

/** An event as a system sent it, in a form that is none: what is wrong with it, and how the gateway names that. */
interface Malformed {
  mistake: string;
  code: "invalid_request" | "clock_ahead";
  event: { source: string; id: string; time: string } & Record<string, unknown>;
}

type Mistake = (of: { id: string; site: string; supplier: string; at: number }) => Malformed;

const toTime = (at: number) => new Date(at).toISOString();
const line = (id: string) => [{ type: "purchase_order_line", id }];

/** What goes wrong where systems are set up or changed by hand, one after the other. */
const MISTAKES: readonly Mistake[] = [
  ({ id, site, at }) => ({
    mistake: "the quantity has a decimal comma",
    code: "invalid_request",
    event: {
      specversion: "1.0",
      id,
      source: `/receiving/${site}`,
      type: "receiving.goods_receipt.recorded",
      time: toTime(at),
      site,
      data: { objects: line(`${id}/10`), measures: { quantity: { value: "12,5", unit: "CS" } } },
    },
  }),
  ({ id, site, at }) => ({
    mistake: "the clock of the cabinet lies more than a year ahead",
    code: "clock_ahead",
    event: {
      specversion: "1.0",
      id,
      source: `/cabinet/${site}`,
      type: "pharmacy.stock.below_par",
      time: toTime(at + AHEAD),
      site,
      data: { objects: [{ type: "item", id: "item-clock" }] },
    },
  }),
  ({ id, supplier, at }) => ({
    mistake: "the order line that is acknowledged has no number",
    code: "invalid_request",
    event: {
      specversion: "1.0",
      id,
      source: `/edi/${supplier}`,
      type: "supplier.purchase_order.acknowledged",
      time: toTime(at),
      data: { objects: line(""), attributes: { line_status: "IA" } },
    },
  }),
  ({ id, at }) => ({
    mistake: "the time has no zone, and the currency is written as a sign",
    code: "invalid_request",
    event: {
      specversion: "1.0",
      id,
      source: ERP,
      type: "erp.invoice.received",
      time: toTime(at).slice(0, 19),
      data: { objects: line(`${id}/10`), measures: { amount: { value: "240.00", currency: "$" } } },
    },
  }),
  ({ id, site, at }) => ({
    mistake: "the type is a sentence",
    code: "invalid_request",
    event: {
      specversion: "1.0",
      id,
      source: `/procurement/${site}`,
      type: "Order sent to supplier",
      time: toTime(at),
      site,
      data: { objects: line(`${id}/10`) },
    },
  }),
];

/** Now and then a system sends what no event may look like. The gateway keeps it; the trade itself goes on. */
export function startMalformed(simulation: Simulation, now: number) {
  const random = simulation.random("malformed");
  const { sites, suppliers } = simulation.catalogue;
  const plan = (after: number, index: number) => {
    const { malformedDays } = simulation.options.faults;
    if (malformedDays === Infinity) return simulation.schedule(after + HOUR, (at) => plan(at, index));
    simulation.schedule(Math.round(after + random.between(0.3, 1.7) * malformedDays * DAY), (at) => {
      const make = MISTAKES[index % MISTAKES.length];
      if (make === undefined) return;
      const id = `${simulation.era}-malformed-${index + 1}`;
      const made = make({ id, at, site: random.pick(sites).id, supplier: random.pick(suppliers).id });
      simulation.sendMalformed(at, made.event);
      strikeMalformed(simulation, { at, event: made.event, mistake: made.mistake, code: made.code });
      plan(at, index + 1);
    });
  };
  plan(now, 0);
}
