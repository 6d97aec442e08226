import { HOUR } from "../../demand.ts";
import type { OrderRead } from "../native/read-documents.ts";
import { writeAcceptance, writeAcknowledgement, writeInvoice, writeShipNotice } from "../native/write-x12.ts";
import type { Desk } from "./agent.ts";
import { type BilledLine, type Delivered, noteDefect, toBilledLine } from "./supplier-billing.ts";
import { type World, toIso } from "./world.ts";

interface AnsweredLine {
  line: OrderRead["lines"][number];
  status: string;
}

/** Does something of a supplier at a time, or as soon as it is up again. */
export function createLater(desk: Desk, world: World) {
  return (supplier: string, at: number, action: () => void) =>
    desk.at(world.incident("outage", `/edi/${supplier}`).postpone(at), action);
}

/** What suppliers write: 997, 855, and 856 with the 810 of what was shipped some hours later. Their numbers grow over all of them. */
export function createPapers(desk: Desk, world: World) {
  const later = createLater(desk, world);
  const numbers = { control: 0, shipment: 0, invoice: 0 };
  const next = (kind: keyof typeof numbers) => (numbers[kind] += 1);
  const toVersion = createReleases(desk, world);
  const partners = ({ buyer, supplier }: OrderRead, set?: keyof typeof INTERFACES) => ({
    buyer,
    supplier,
    control: next("control"),
    at: desk.now(),
    version: toVersion(supplier, set),
  });
  const ship = (order: OrderRead, parcels: readonly Delivered[], expectedAt: number) => {
    const { supplier } = order;
    const number = `SHP-${String(next("shipment")).padStart(6, "0")}`;
    const objects = [
      ["shipment", `${supplier}/${number}`] as const,
      ...parcels.map(({ line }) => ["purchase_order_line", `${order.id}/${line.number}`] as const),
    ];
    const text = writeShipNotice({ order, number, parcels, expectedAt }, partners(order, "856"));
    desk.say({ format: "x12", text, source: `/edi/${supplier}`, objects }, ["dock"]);
    const random = world.random(`bill/${supplier}/${number}`);
    later(supplier, desk.now() + random.around(3, 8, 26) * HOUR, () => bill(order, parcels));
  };
  const bill = (order: OrderRead, parcels: readonly Delivered[]) => {
    const { supplier } = order;
    const number = `INV-${String(next("invoice")).padStart(6, "0")}`;
    const rates = world.ratesAt(desk.now());
    const lines = parcels.map((parcel): BilledLine => {
      const random = world.random(`invoice/${supplier}/${number}/${parcel.line.number}`);
      return toBilledLine({ parcel, rates, random });
    });
    const objects = [
      ["invoice", `${supplier}/${number}`] as const,
      ...lines.map(({ parcel }) => ["purchase_order_line", `${order.id}/${parcel.line.number}`] as const),
    ];
    for (const line of lines) noteDefect(desk, { order: order.id, invoice: `${supplier}/${number}`, line });
    const text = writeInvoice({ order, number, lines }, partners(order, "810"));
    desk.say({ format: "x12", text, source: `/edi/${supplier}`, objects }, ["accounts-payable"]);
  };
  const answer = (order: OrderRead, plans: readonly AnsweredLine[]) => {
    const objects = [
      ["purchase_order", order.id] as const,
      ...plans.map(({ line }) => ["purchase_order_line", `${order.id}/${line.number}`] as const),
    ];
    const text = writeAcknowledgement({ order, lines: plans }, partners(order, "855"));
    desk.say({ format: "x12", text, source: `/edi/${order.supplier}`, objects }, ["procurement-saas"]);
  };
  const accept = (order: OrderRead) => {
    const text = writeAcceptance(order, partners(order));
    desk.say({ format: "x12", text, source: `/edi/${order.supplier}`, objects: [["message", order.message]] });
  };
  return { accept, answer, ship };
}

/** The interface of the catalogue to which a document belongs. */
const INTERFACES = {
  "855": "supplier-acknowledgements",
  "856": "supplier-ship-notices",
  "810": "supplier-invoices",
} as const;
const AGREED = "005010";
const DRIFTED = "006020";

/** The version that a supplier writes now: while it tries a release, one that nobody agreed to, which is noted once for each interface. */
function createReleases(desk: Desk, world: World) {
  const noted = new Set<string>();
  return (supplier: string, set: keyof typeof INTERFACES | undefined): string => {
    const release = world.incident("version-drift", `/edi/${supplier}`).find(desk.now());
    if (release === undefined) return AGREED;
    const id = set && INTERFACES[set];
    const key = `${id}/${supplier}/${release.start}`;
    if (id === undefined || noted.has(key)) return DRIFTED;
    noted.add(key);
    desk.note({
      kind: "version-drift",
      onset: toIso(desk.now()),
      end: toIso(release.end),
      objects: [{ type: "interface", id }],
      events: [],
      expected: { finding: `The interface has the finding version-drift with the version ${DRIFTED}.` },
    });
    return DRIFTED;
  };
}
