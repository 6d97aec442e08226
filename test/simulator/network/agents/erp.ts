import { MINUTE, SECOND } from "../../demand.ts";
import { toMoney } from "../../documents.ts";
import { type Movement, type Receipt, movement as movementNote, receipt as receiptNote } from "../native/notes.ts";
import { writeGoodsMovement, writePosting } from "../native/write-documents.ts";
import { ERP } from "../../sources.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { type World, toIso } from "./world.ts";

/** The ERP's stock: it posts what the dock counted as IDocs, and values what leaves the shelves, in the rows of its outbox. */
export function openErp(desk: Desk, world: World): Behaviour {
  const outages = world.incident("outage", ERP);
  const prices = new Map(world.catalogue.items.map(({ id, priceCents, packSize }) => [id, priceCents / packSize]));
  let documents = 0;
  const post = (counted: Receipt) => {
    documents += 1;
    const text = writeGoodsMovement({ ...counted, document: documents, at: desk.now() });
    const { id, orderLine } = counted;
    const isMissing = world.random(`post/${id}`).isHit(world.ratesAt(desk.now()).missingReceipt);
    if (!isMissing) {
      const objects = [["goods_receipt", id] as const, ["purchase_order_line", orderLine] as const];
      return desk.say({ format: "idoc", text, source: ERP, objects }, ["pharmacy", "accounts-payable"]);
    }
    // The goods go to the shelf, and the books know nothing of them.
    desk.send("pharmacy", "idoc", text);
    desk.note({
      kind: "missing-receipt",
      onset: toIso(desk.now()),
      end: null,
      objects: [
        { type: "goods_receipt", id },
        { type: "purchase_order_line", id: orderLine },
      ],
      events: [],
      expected: { finding: "What arrived is not posted, and its invoice waits for the receipt." },
    });
  };
  const value = (moved: Movement) => {
    const { id, site, item, pieces } = moved;
    const amount = toMoney(Math.round((prices.get(item) ?? 0) * pieces)).value;
    const posting = { event: "stock_movement.valued", id: `V-${id}`, site, at: toIso(desk.now()) };
    const row = { ...posting, movement: id, item, quantity: String(pieces), unit: "EA", amount };
    const objects = [["stock_movement", id] as const];
    desk.say({ format: "row", text: writePosting(row), source: ERP, objects }, ["general-ledger"]);
  };
  return {
    hear: ({ format, text }) => {
      if (format === "receipt") {
        const counted = receiptNote.parse(JSON.parse(text));
        const random = world.random(`post-time/${counted.id}`);
        return desk.at(outages.postpone(desk.now() + random.around(40, 100, 420) * SECOND), () => post(counted));
      }
      const moved = movementNote.parse(JSON.parse(text));
      const random = world.random(`value/${moved.id}`);
      desk.at(outages.postpone(desk.now() + random.around(0.5, 2, 9) * MINUTE), () => value(moved));
    },
  };
}
