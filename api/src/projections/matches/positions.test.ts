import { expect, test } from "vitest";
import { toPositionRows } from "./match-positions.ts";
import { type CurrentMatch, toOrderRow } from "./match-row.ts";
import type { MatchHistory } from "./match.ts";
import { bill, line, match, money, movement, orderLine } from "./trade.fixture.ts";

function toCurrent(history: MatchHistory): CurrentMatch[] {
  const { orders } = match(history);
  return history.orders.flatMap((order, index) => {
    const found = orders[index];
    return found ? [{ ...toOrderRow(order, found, "v1"), batch: 7 }] : [];
  });
}

function positionsOf(history: MatchHistory): object[] {
  return toPositionRows(toCurrent(history).map((after) => ({ before: undefined, after })));
}

const ordered = { open: "100", commitment: "1000", uncleared: "0", uncleared_worth: "0", short: "0", is_unknown: 0 };
const settled = { ...ordered, open: "0", commitment: "0" };
const paid = (quantity: string, amount: string) => [bill([line(quantity, amount)])];

test.each<[string, MatchHistory, object[]]>([
  ["ordered and not received binds", { orders: [orderLine({}, { receipts: [] })], invoices: [] }, [ordered]],
  [
    "received and not invoiced is owed",
    { orders: [orderLine({}, { receipts: [movement("60 EA")] })], invoices: [] },
    [{ ...ordered, open: "40", commitment: "400", uncleared: "-60", uncleared_worth: "-600" }],
  ],
  [
    "invoiced and not received is not cleared",
    { orders: [orderLine({}, { receipts: [movement("60 EA")] })], invoices: paid("62 EA", "620.00 USD") },
    [{ ...ordered, open: "40", commitment: "400", uncleared: "2", uncleared_worth: "20" }],
  ],
  ["received and invoiced is neither", { orders: [orderLine()], invoices: paid("100 EA", "1000.00 USD") }, []],
  [
    "a delivery that is complete comes short",
    {
      orders: [orderLine({ isComplete: true }, { receipts: [movement("97 EA")] })],
      invoices: paid("97 EA", "970.00 USD"),
    },
    [{ ...settled, short: "3" }],
  ],
  [
    "a cancelled line binds nothing",
    { orders: [orderLine({ isCancelled: true }, { receipts: [] })], invoices: [] },
    [],
  ],
  [
    "without a receipt what is not invoiced binds",
    { orders: [orderLine({ isReceiptExpected: false }, { receipts: [] })], invoices: paid("90 EA", "900.00 USD") },
    [{ ...ordered, open: "10", commitment: "100" }],
  ],
  [
    "a blanket order binds what is left of its value",
    {
      orders: [orderLine({ blanket: { limit: money("1000.00 USD"), from: undefined, to: undefined } })],
      invoices: paid("", "400.00 USD"),
    },
    [{ ...settled, commitment: "600" }],
  ],
  [
    "consigned goods bind and owe nothing, though they are still to come",
    { orders: [orderLine({ isConsignment: true }, { receipts: [movement("60 EA")] })], invoices: [] },
    [{ ...settled, open: "40" }],
  ],
  [
    "a line without a price is not known",
    { orders: [orderLine({ price: "" }, { receipts: [] })], invoices: [] },
    [{ ...settled, is_unknown: 1 }],
  ],
  [
    "more digits than the store adds up are not known",
    {
      orders: [orderLine({ quantity: `1${"0".repeat(29)} EA`, price: `1${"0".repeat(29)}.00 USD` }, { receipts: [] })],
      invoices: [],
    },
    [{ ...settled, is_unknown: 1 }],
  ],
])("%s", (_, history, expected) => {
  expect(positionsOf(history)).toMatchObject(expected);
  expect(positionsOf(history)).toHaveLength(expected.length);
});

test("what is taken away is what was added, whichever release said it", () => {
  const [row] = toCurrent({ orders: [orderLine({}, { receipts: [] })], invoices: [] });
  const add = (after: CurrentMatch | undefined) => toPositionRows([{ before: undefined, after }]);
  const take = (before: CurrentMatch | undefined) => toPositionRows([{ before, after: undefined }]);
  expect(take(row)).toEqual(add(row).map((added) => ({ ...added, results: -1 })));
  const earlier = row && { ...row, detail: { unit: "EA", open: "100", uncleared: "0" } };
  expect(add(earlier)).toMatchObject([{ is_unknown: 1, commitment: "0", open: "0" }]);
});
