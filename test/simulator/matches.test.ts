import { join } from "node:path";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { findProfile } from "@throughline/schemas/pack/tolerance";
import { expect, test } from "vitest";
import type { Fact } from "../../api/src/projections/fact.ts";
import { evaluateMatches } from "../../api/src/projections/matches/evaluate-matches.ts";
import { readDocuments } from "../../api/src/projections/matches/read-documents.ts";
import { loadPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";
import { DAY } from "./demand.ts";
import { generateTrade } from "./generate-trade.ts";
import { toFact } from "./judge-trade.ts";
import type { TruthRow } from "./truth.ts";

const FROM = Date.parse("2026-03-01T00:00:00Z");
const { tolerances, units } = loadPack(join(ROOT, "config"));
const facts: Fact[] = [];
const truth: TruthRow[] = [];
for (const dispatch of generateTrade({
  seed: 11,
  from: FROM,
  to: FROM + 14 * DAY,
  hospitals: 2,
  suppliers: 6,
  items: 250,
}))
  if (dispatch.kind === "truth") truth.push(dispatch.row);
  else if (dispatch.kind === "event" && dispatch.event.type !== HEARTBEAT_TYPE)
    facts.push(toFact(dispatch.event, facts.length));

const matches = evaluateMatches(readDocuments(facts, new Map()), {
  profileOf: (of) => {
    const profile = findProfile(tolerances, of);
    if (profile === undefined) throw new Error("no profile");
    return profile;
  },
  reference: { standardUnits: units, itemUnits: [], contractPrices: [] },
});
const lines = matches.invoices.flatMap((invoice) => invoice.lines);

/**
 * The invoice lines that were made wrong and have come, with what is expected of each. Where more was received than the line
 * should bill, a wrong unit is no factor away from it, and is found by the quantity.
 */
const CODES: Partial<Record<TruthRow["kind"], readonly string[]>> = {
  "wrong-unit": ["UOM_SUSPECT", "QTY_OVER_RECEIVED"],
  "price-change": ["PRICE"],
  "over-quantity": ["QTY_OVER_RECEIVED", "NO_RECEIPT"],
};
const sent = new Set(facts.map(({ source, id }) => `${source} ${id}`));
const isSent = ({ source, id }: { source: string; id: string }) => sent.has(`${source} ${id}`);
const struck = truth.flatMap(({ kind, objects, events }) => {
  const line = objects.find(({ type }) => type === "invoice_line")?.id;
  const isHere = events.every(isSent);
  return CODES[kind] && line && isHere ? [{ line, kind, codes: CODES[kind] }] : [];
});

test("each wrong unit and each changed price is found by its code", () => {
  expect(struck.length).toBeGreaterThan(20);
  const codesOf = (line: string) =>
    lines.find((match) => match.lines.includes(line))?.causes.map(({ code }) => code) ?? [];
  expect(struck.filter(({ line, codes }) => !codesOf(line).some((code) => codes.includes(code)))).toEqual([]);
  const wrongUnits = struck.filter(({ kind }) => kind === "wrong-unit");
  const suspected = wrongUnits.filter(({ line }) => codesOf(line).includes("UOM_SUSPECT"));
  expect(suspected.length / wrongUnits.length).toBeGreaterThan(0.8);
});

test("nothing else is blocked, and what is held waits for its receipt", () => {
  const wrong = new Set(struck.map(({ line }) => line));
  const isStruck = (match: (typeof lines)[number]) => match.lines.some((line) => wrong.has(line));
  // What a wrong invoice took away is missing for those behind it on the same order line.
  const doubled = new Set(
    truth.filter(({ kind }) => kind === "double-entry").flatMap(({ objects }) => objects.map(({ id }) => id)),
  );
  const ofDoubled = lines.filter(({ invoice }) => doubled.has(invoice)).map(({ order }) => order);
  const orders = new Set([...lines.filter(isStruck).map(({ order }) => order), ...ofDoubled]);
  const others = lines.filter(({ order }) => !orders.has(order));
  expect(others.length).toBeGreaterThan(1000);
  const codes = others
    .filter(({ outcome }) => outcome !== "matched")
    .map(({ causes }) => causes.map(({ code }) => code).join(" "));
  expect([...new Set(codes)].filter((code) => code !== "NO_RECEIPT")).toEqual([]);
});

test("an invoice that is entered twice is a duplicate until the second entry is taken back", () => {
  const doubled = truth.filter(({ kind, events }) => kind === "double-entry" && events.every(isSent));
  const gone = new Set(
    facts.filter(({ type }) => type === "erp.invoice.reversed").flatMap(({ objects }) => objects.map(({ id }) => id)),
  );
  const standing = doubled.flatMap(({ objects }) => objects.map(({ id }) => id)).filter((id) => !gone.has(id));
  expect(standing.length).toBeGreaterThan(2);
  const header = matches.invoices.filter(({ causes }) => causes.length > 0);
  expect([...new Set(header.flatMap(({ causes }) => causes.map(({ code }) => code)))]).toEqual(["DUP_EXACT"]);
  expect(header.map(({ invoice }) => invoice).toSorted()).toEqual(standing.toSorted());
});
