import { findProfile } from "@throughline/schemas/pack/tolerance";
import { expect, test } from "vitest";
import { evaluateMatches } from "../../../api/src/projections/matches/evaluate-matches.ts";
import { readDocuments } from "../../../api/src/projections/matches/read-documents.ts";
import { readItemUnits } from "../../../api/src/projections/matches/read-reference.ts";
import { AHEAD_MS } from "../incidents.ts";
import { HOUR } from "../demand.ts";
import { judgeFacts, toFact } from "../judge-trade.ts";
import type { Fault } from "./agents/agent.ts";
import { loadNetworkPack } from "./load-network-pack.ts";
import { FROM, playNetwork, readScenario } from "./play-network.fixture.ts";
import { readWords } from "./read-words.fixture.ts";

/** From Monday to the Wednesday after the next one, so that a week is closed. */
const HOURS = 9 * 24;
const pack = loadNetworkPack();
const wrong = await find("wrong-papers.yaml", 12);
const quiet = await find("quiet.yaml", 13);

/** What the tower finds in what the systems of a network say in their own formats. */
async function find(scenario: string, seed: number) {
  const { words, faults } = await playNetwork(readScenario(scenario), { seed, hours: HOURS });
  const events = await readWords(words);
  const facts = events.map(toFact);
  const { invoices } = evaluateMatches(readDocuments(facts, new Map()), {
    profileOf: (of) => {
      const profile = findProfile(pack.tolerances, of);
      if (profile === undefined) throw new Error("no profile");
      return profile;
    },
    reference: { standardUnits: pack.units, itemUnits: readItemUnits(facts), contractPrices: [] },
  });
  const legs = judgeFacts(facts, { pack, until: FROM + HOURS * HOUR });
  return { words, faults, events, invoices, legs };
}

const ofKind = (...kinds: Fault["kind"][]) => wrong.faults.filter(({ kind }) => kinds.includes(kind));
const idsOf = (faults: readonly Fault[], type: string) =>
  faults.flatMap(({ objects }) => objects.filter((object) => object.type === type).map(({ id }) => id));

test("of days on which nothing goes wrong, nothing is wrong in invoices and closes", () => {
  expect(quiet.faults).toEqual([]);
  expect(quiet.invoices.length).toBeGreaterThan(20);
  const codes = quiet.invoices.flatMap(({ causes, lines }) => [...causes, ...lines.flatMap((line) => line.causes)]);
  expect(codes.filter(({ code }) => code !== "NO_RECEIPT")).toEqual([]);
  const closes = quiet.legs.filter(({ flow }) => flow === "period-close");
  expect(closes.some(({ leg, verdict }) => leg === "reconciliation" && verdict === "MET")).toBe(true);
  expect(closes.filter(({ verdict }) => ["BREACHED", "SEQUENCE"].includes(verdict))).toEqual([]);
});

test("every fault of the scenario strikes", () => {
  const kinds = ["clock-drift", "closed-early", "double-entry", "over-quantity", "price-change"];
  const struck = new Set([...wrong.faults.map(({ kind }) => kind), "clock-drift"]);
  expect([...struck].toSorted()).toEqual([...kinds, "wrong-item", "wrong-unit", "wrong-vendor"]);
});

test.each([
  ["price-change", ["PRICE"]],
  ["wrong-unit", ["UOM_SUSPECT"]],
  ["over-quantity", ["QTY_OVER_RECEIVED", "NO_RECEIPT"]],
] as const)("each invoice line with a %s is found by its code", (kind, expected) => {
  const lines = wrong.invoices.flatMap((invoice) => invoice.lines);
  const struck = idsOf(ofKind(kind), "invoice_line");
  expect(struck.length).toBeGreaterThan(0);
  const codesOf = (id: string) => lines.find((match) => match.lines.includes(id))?.causes.map(({ code }) => code) ?? [];
  expect(struck.filter((id) => !codesOf(id).some((code) => expected.some((each) => each === code)))).toEqual([]);
});

test("an invoice that was entered again is a double as long as nobody has taken it back, and no other is", () => {
  const reversed = new Set(
    wrong.events
      .filter(({ type }) => type === "erp.invoice.reversed")
      .flatMap(({ data }) => (typeof data === "object" && data !== null ? (data.objects ?? []) : []))
      .map(({ id }) => id),
  );
  const standing = idsOf(ofKind("double-entry"), "invoice").filter((id) => !reversed.has(id));
  expect(standing.length).toBeGreaterThan(0);
  const found = wrong.invoices.filter(({ causes }) => causes.some(({ code }) => code === "DUP_PROBABLE"));
  expect(found.map(({ invoice }) => invoice).toSorted()).toEqual(standing.toSorted());
});

test("a week that was locked before it was complete is out of sequence, and no other is", () => {
  const found = wrong.legs.filter(({ flow, verdict }) => flow === "period-close" && verdict === "SEQUENCE");
  expect([...new Set(found.map(({ instanceId }) => instanceId))]).toEqual(idsOf(ofKind("closed-early"), "period"));
  expect(found.length).toBeGreaterThan(0);
});

test("the acknowledgement of a refused line is breached", () => {
  const lines = idsOf(ofKind("wrong-item", "wrong-vendor"), "purchase_order_line");
  expect(lines.length).toBeGreaterThan(1);
  const breached = new Set(
    wrong.legs
      .filter(({ leg, verdict }) => leg === "acknowledgement" && verdict === "BREACHED")
      .map(({ instanceId }) => instanceId),
  );
  expect(lines.filter((id) => !breached.has(id))).toEqual([]);
});

test("a dock whose clock is ahead tells of arrivals that have not come yet", () => {
  const arrivals = wrong.words.filter(({ system, source }) => system === "dock" && source === "/receiving/north");
  const ahead = arrivals.filter(({ at, text }) => text.includes(new Date(at + AHEAD_MS).toISOString()));
  const hours = ahead.map(({ at }) => (at - FROM) / HOUR);
  expect(hours.length).toBeGreaterThan(0);
  expect(hours.every((hour) => hour >= 72 && hour < 120)).toBe(true);
  expect(arrivals.length).toBeGreaterThan(ahead.length);
});
