import { DAY, HOUR } from "../../demand.ts";
import type { InvoiceRead } from "../native/read-documents.ts";
import type { Desk } from "./agent.ts";
import { type World, toIso } from "./world.ts";

interface SecondEntry {
  invoice: InvoiceRead;
  /** When the ERP is up, from a time on. */
  up: (at: number) => number;
  enter: (again: InvoiceRead, line: InvoiceRead["lines"][number]) => void;
  reverse: (again: InvoiceRead) => void;
}

/**
 * Now and then a clerk enters an invoice from paper that came by EDI as well, without the dash in its number, so that no number is there
 * twice; somebody finds it and takes it back after some days.
 */
export function enterTwiceWhenChosen(desk: Desk, world: World, { invoice, up, enter, reverse }: SecondEntry): void {
  const random = world.random(`entry/${invoice.id}`);
  if (!random.isHit(world.ratesAt(desk.now()).doubleEntry)) return;
  const id = invoice.id.replace("/INV-", "/INV");
  const lines = invoice.lines.map((line) => ({ ...line, id: line.id.replace(invoice.id, id) }));
  const again = { ...invoice, id, lines };
  const enteredAt = up(desk.now() + random.around(2, 6, 30) * HOUR);
  const foundAt = up(enteredAt + random.around(1, 3, 9) * DAY);
  desk.at(enteredAt, () => {
    for (const line of lines) enter(again, line);
    desk.note({
      kind: "double-entry",
      onset: toIso(desk.now()),
      end: toIso(foundAt),
      objects: [{ type: "invoice", id }, ...lines.map((line) => ({ type: "invoice_line", id: line.id }))],
      events: [],
      expected: { finding: "The second entry of the invoice is warned of: DUP_PROBABLE." },
    });
  });
  desk.at(foundAt, () => reverse(again));
}
