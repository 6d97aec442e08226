import { DAY, HOUR, MINUTE, findNextLocal, toLocalWeekday } from "../../demand.ts";
import { toMoney } from "../../documents.ts";
import { type Order, order as orderNote } from "../native/notes.ts";
import { type InvoiceRead, readGoodsMovement, readInvoice } from "../native/read-documents.ts";
import { type Posting, writePosting } from "../native/write-documents.ts";
import { ERP } from "../../sources.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { enterTwiceWhenChosen } from "./second-entry.ts";
import { type World, toIso } from "./world.ts";

const PAYMENT_DAYS = new Set([2, 4]);
const PAYMENT_HOUR = 10;
const PRICE_SHARE = 0.02;
const QUANTITY_SHARE = 0.05;
const RETRY = 30 * MINUTE;

interface Account {
  line: Order["lines"][number];
  received: number;
  invoiced: number;
}

interface Entry {
  invoice: InvoiceRead;
  open: Set<string>;
}

/**
 * Accounts payable: it compares each line of an invoice with the order and what was posted for it, waits for the receipt, has a person
 * release what differs, posts, and pays on the days of payment. What it does it writes into the outbox of the ERP.
 */
export function openAccountsPayable(desk: Desk, world: World): Behaviour {
  const accounts = new Map<string, Account>();
  const up = (at: number) => world.incident("outage", ERP).postpone(at);
  const write = createWriter(desk);
  const match = ({ invoice, open }: Entry, line: InvoiceRead["lines"][number]) => {
    const account = accounts.get(line.orderLine);
    if (account !== undefined) account.invoiced += line.quantity;
    write({ event: "invoice.matched", ...toPosting(invoice, line, account) });
    open.delete(line.id);
    if (open.size > 0) return;
    const random = world.random(`post/${invoice.id}`);
    desk.at(up(desk.now() + random.around(1, 6, 30) * MINUTE), () => post(invoice));
  };
  const post = (invoice: InvoiceRead) => {
    for (const line of invoice.lines)
      write({ event: "invoice.posted", ...toPosting(invoice, line, accounts.get(line.orderLine)) });
    const termDays = world.catalogue.suppliers.find(({ id }) => id === invoice.supplier)?.termDays ?? 30;
    desk.at(up(findPaymentRun(desk.now() + termDays * DAY)), () => pay(invoice));
  };
  const pay = (invoice: InvoiceRead) => {
    const [year = "", month = "", day = ""] = toIso(desk.now()).slice(0, 10).split("-");
    const amount = toMoney(invoice.lines.reduce((sum, { amountCents }) => sum + amountCents, 0)).value;
    const payment = `1000/${year}/${month}${day}-${invoice.supplier}`;
    write({ event: "invoice.cleared", site: "", invoice: invoice.id, payment, amount });
  };
  const tryMatch = (entry: Entry, line: InvoiceRead["lines"][number]): void => {
    const upAt = up(desk.now());
    if (upAt > desk.now()) return desk.at(upAt, () => tryMatch(entry, line));
    const account = accounts.get(line.orderLine);
    if (account === undefined || account.received === 0)
      return desk.at(desk.now() + RETRY, () => tryMatch(entry, line));
    if (isRight(line, account)) return match(entry, line);
    const random = world.random(`release/${line.id}`);
    desk.at(up(desk.now() + random.around(2, 9, 46) * HOUR), () => match(entry, line));
  };
  return {
    hear: ({ format, text }) => {
      if (format === "order")
        for (const line of orderNote.parse(JSON.parse(text)).lines)
          accounts.set(line.id, { line, received: 0, invoiced: 0 });
      else if (format === "idoc") {
        const { orderLine, packs } = readGoodsMovement(text);
        const account = accounts.get(orderLine);
        if (account !== undefined) account.received += packs;
      } else {
        const invoice = readInvoice(text);
        enterAgain(desk, world, { invoice, accounts, write });
        const entry = { invoice, open: new Set(invoice.lines.map(({ id }) => id)) };
        for (const line of invoice.lines)
          desk.at(desk.now() + world.random(`try/${line.id}`).around(4, 12, 50) * MINUTE, () => tryMatch(entry, line));
      }
    },
  };
}

function enterAgain(
  desk: Desk,
  world: World,
  books: { invoice: InvoiceRead; accounts: ReadonlyMap<string, Account>; write: ReturnType<typeof createWriter> },
) {
  const { invoice, accounts, write } = books;
  enterTwiceWhenChosen(desk, world, {
    invoice,
    up: (at) => world.incident("outage", ERP).postpone(at),
    enter: (again, line) => {
      const posting = toPosting(again, line, accounts.get(line.orderLine));
      write({ event: "invoice.entered", supplier: again.supplier, ...posting });
    },
    reverse: ({ id }) => write({ event: "invoice.reversed", site: "", invoice: id }),
  });
}

/** Writes rows of the outbox, numbered. */
function createWriter(desk: Desk) {
  let rows = 0;
  return (posting: Omit<Posting, "id" | "at">) => {
    rows += 1;
    const row = { ...posting, id: `P-${rows}`, at: toIso(desk.now()) };
    const objects = [
      ["invoice", posting.invoice ?? ""] as const,
      ["purchase_order_line", posting.order_line ?? ""] as const,
    ];
    desk.say({ format: "row", text: writePosting(row), source: ERP, objects });
  };
}

/** Price within two percent, and no more than was received and not yet billed, within five. */
function isRight(line: InvoiceRead["lines"][number], { line: ordered, received, invoiced }: Account): boolean {
  const expected = received - invoiced;
  return (
    line.amountCents <= Math.round(line.quantity * ordered.priceCents * (1 + PRICE_SHARE)) &&
    line.quantity <= expected * (1 + QUANTITY_SHARE)
  );
}

function toPosting(invoice: InvoiceRead, line: InvoiceRead["lines"][number], account: Account | undefined) {
  return {
    site: account?.line.replenishment.split("/")[0] ?? "",
    invoice: invoice.id,
    invoice_line: line.id,
    order_line: line.orderLine,
    quantity: String(line.quantity),
    unit: line.unit,
    amount: toMoney(line.amountCents).value,
  };
}

/** Payments leave on Tuesdays and Thursdays. */
function findPaymentRun(after: number): number {
  let at = findNextLocal(after, PAYMENT_HOUR, 0);
  while (!PAYMENT_DAYS.has(toLocalWeekday(at))) at = findNextLocal(at, PAYMENT_HOUR, 0);
  return at;
}
