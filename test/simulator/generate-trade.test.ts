import { createHash } from "node:crypto";
import type { Event } from "@throughline/schemas/event";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { parseEvent } from "@throughline/schemas/event-validator";
import { CLOCK_AHEAD_CODE } from "@throughline/schemas/rows/quarantine";
import { beforeAll, describe, expect, test } from "vitest";
import { DAY, HOUR } from "./demand.ts";
import { type TradeOptions, generateTrade } from "./generate-trade.ts";
import { NEW_SUPPLIERS } from "./names.ts";
import type { Dispatch } from "./simulation.ts";
import { NO_FAULTS, type TruthRow, truthRow } from "./truth.ts";

const FROM = Date.parse("2026-03-01T00:00:00Z");
const SMALL = { seed: 7, from: FROM, to: FROM + 3 * DAY, hospitals: 2, suppliers: 3, items: 40 };

describe("a trade", () => {
  test("is the same for the same seed and another for another", () => {
    expect(digestOf(SMALL)).toBe(digestOf(SMALL));
    expect(digestOf({ ...SMALL, seed: 8 })).not.toBe(digestOf(SMALL));
  });

  test("is only continued by a later end", () => {
    const whole = [...generateTrade(SMALL)];
    for (const to of [FROM, FROM + 7 * HOUR + 1, FROM + 2 * DAY]) {
      const part = [...generateTrade({ ...SMALL, to })];
      expect(part).toEqual(whole.filter(({ sendAt }) => sendAt <= to));
    }
  });

  test("keeps its history when only what follows becomes livelier", () => {
    const turn = FROM + DAY;
    const calm = [...generateTrade(SMALL)];
    const lively = [...generateTrade({ ...SMALL, pace: (at) => (at < turn ? 1 : 4) })];
    expect(lively.filter(({ sendAt }) => sendAt < turn)).toEqual(calm.filter(({ sendAt }) => sendAt < turn));
    expect(lively.length).toBeGreaterThan(calm.length * 1.2);
  });

  test("shares no number or id with a trade that began on another day", () => {
    const objectsOf = (options: TradeOptions) =>
      new Set(toEvents([...generateTrade(options)]).flatMap((event) => toIds(event, "purchase_order_line")));
    const here = objectsOf(SMALL);
    const there = objectsOf({ ...SMALL, from: FROM + DAY, to: SMALL.to + DAY });
    expect(here.size).toBeGreaterThan(20);
    expect(here.intersection(there).size).toBe(0);
  });

  test("has as many hospitals as it is asked for, each as lively as the others, and no identity twice", () => {
    const to = FROM + 12 * HOUR;
    const events = toEvents([
      ...generateTrade({ ...SMALL, to, hospitals: 50, faults: NO_FAULTS, heartbeatEveryMs: HOUR }),
    ]);
    const bySite = Map.groupBy(
      events.filter(({ type }) => type.startsWith("pharmacy.")),
      ({ site }) => site ?? "",
    );
    expect(bySite.size).toBe(50);
    const lively = [...bySite.values()].map((own) => own.length);
    expect(Math.min(...lively) * 3).toBeGreaterThan(Math.max(...lively));
    expect(new Set(events.map(({ source, id }) => `${source} ${id}`)).size).toBe(events.length);
  });
});

describe("two weeks of the usual trade", () => {
  const to = FROM + 14 * DAY;
  let dispatches: Dispatch[] = [];
  let events: Event[] = [];
  let truth: TruthRow[] = [];
  beforeAll(() => {
    dispatches = [...generateTrade({ seed: 1, from: FROM, to })];
    events = toEvents(dispatches);
    truth = dispatches.flatMap((dispatch) => (dispatch.kind === "truth" ? [dispatch.row] : []));
  });

  test("are enough to fill a tower", () => {
    expect(events.length).toBeGreaterThan(100_000);
    expect(events.length).toBeLessThan(250_000);
    expect(dispatches.filter(({ kind }) => kind === "spans").length).toBeGreaterThan(3000);
  });

  test("consist of events that every gateway takes", () => {
    const refused = events.flatMap((event) => {
      const result = parseEvent(event);
      return result.ok ? [] : [{ event, issues: result.issues }];
    });
    expect(refused.slice(0, 3)).toEqual([]);
  });

  test("come in the order of sending, none from the future", () => {
    let last = FROM;
    for (const dispatch of dispatches) {
      expect(dispatch.sendAt).toBeGreaterThanOrEqual(last);
      last = dispatch.sendAt;
      for (const { time } of toEvents([dispatch])) expect(Date.parse(time ?? "")).toBeLessThanOrEqual(dispatch.sendAt);
    }
    expect(last).toBeLessThanOrEqual(to);
  });

  test("name an identity twice only where the truth says that the event was doubled", () => {
    const seen = new Set<string>();
    const doubled = new Set(events.map(toKey).filter((key) => seen.size === seen.add(key).size));
    const told = truth.filter(({ kind, end }) => kind === "doubled" && Date.parse(end ?? "") <= to);
    expect(doubled).toEqual(new Set(told.flatMap((row) => row.events.map(toKey))));
    expect(doubled.size).toBeGreaterThan(50);
  });

  test("lose exactly the events that the truth calls lost, which leave a gap in their source's sequence", () => {
    const present = new Set(events.map(toKey));
    const lost = truth.filter(({ kind }) => kind === "lost").flatMap((row) => row.events);
    expect(lost.length).toBeGreaterThan(10);
    expect(lost.filter((identity) => present.has(toKey(identity)))).toEqual([]);
    const settled = to - 3 * HOUR;
    for (const [source, own] of Map.groupBy(events, (event) => event.source)) {
      const numbers = new Set(own.map(({ sequence }) => Number(sequence)));
      const highest = Math.max(
        ...own.filter(({ time }) => Date.parse(time ?? "") < settled).map(({ sequence }) => Number(sequence)),
      );
      const gaps = Array.from({ length: highest }, (_, index) => index + 1).filter((number) => !numbers.has(number));
      const lostHere = lost.filter((identity) => identity.source === source).map(({ id }) => Number(id.split("-")[1]));
      expect(gaps).toEqual(lostHere.filter((number) => number <= highest).toSorted((a, b) => a - b));
    }
  });

  test("tell the truth of every kind of fault in rows that can be read again", () => {
    expect(new Set(truth.map(({ kind }) => kind)).size).toBe(11);
    for (const row of truth) expect(truthRow.parse(JSON.parse(JSON.stringify(row)))).toEqual(row);
    expect(new Set(truth.map(({ id }) => id)).size).toBe(truth.length);
  });

  test("name another version of a document exactly while the truth tells of a release", () => {
    const drifts = truth.filter(({ kind }) => kind === "version-drift");
    const drifted = events.filter(({ dataschema }) => dataschema?.endsWith("/006020"));
    expect(drifts.length).toBeGreaterThan(3);
    const windows = drifts.map(({ onset, end, events: [first] }) => ({ onset, end: end ?? "", source: first?.source }));
    for (const { source, time = "" } of drifted)
      expect(
        windows.some(
          (window) => window.source === source && time !== null && time >= window.onset && time < window.end,
        ),
      ).toBe(true);
    const identities = new Set(drifted.map(toKey));
    expect(drifts.flatMap((row) => row.events.map(toKey)).filter((key) => !identities.has(key))).toEqual([]);
  });

  test("leave a source silent while it is down, and send what it held back afterwards", () => {
    const outages = truth.filter(({ kind, end }) => kind === "outage" && Date.parse(end ?? "") < to);
    expect(outages.length).toBeGreaterThan(2);
    for (const { objects, onset, end } of outages) {
      const [start, until] = [Date.parse(onset) + 61_000, Date.parse(end ?? "")];
      const during = dispatches
        .filter(({ sendAt }) => sendAt > start && sendAt < until)
        .flatMap((dispatch) => toEvents([dispatch]));
      expect(during.filter(({ source }) => source === objects[0]?.id)).toEqual([]);
      const beats = events.filter(({ type, source }) => type === HEARTBEAT_TYPE && source === objects[0]?.id);
      expect(beats.filter(({ time = "" }) => time !== null && time >= onset && time < (end ?? ""))).toEqual([]);
    }
  });

  test("hold now and then what is no event, and why it is none", () => {
    const codes = dispatches.flatMap((dispatch) => {
      if (dispatch.kind !== "malformed") return [];
      const parsed = parseEvent(dispatch.body);
      if (!parsed.ok) return ["invalid_request"];
      return [Date.parse(parsed.event.time ?? "") > to + DAY ? CLOCK_AHEAD_CODE : "none"];
    });
    const named = truth.filter(({ kind }) => kind === "malformed").map(({ expected }) => expected.finding);
    expect(codes.length).toBeGreaterThan(8);
    expect(named.length).toBe(codes.length);
    codes.forEach((code, index) => expect(named[index]).toContain(` ${code}:`));
    expect(new Set(named).size).toBe(5);
  });

  test("beat every five minutes at every source that is up", () => {
    const beats = Map.groupBy(
      events.filter(({ type }) => type === HEARTBEAT_TYPE),
      ({ source }) => source,
    );
    const [joined, founding] = [[...beats].filter(isNewcomer), [...beats].filter((beat) => !isNewcomer(beat))];
    expect(founding.length).toBe(18);
    expect(joined.length).toBeGreaterThan(0);
    for (const [, own] of founding) expect(own.length).toBeGreaterThan(0.97 * 14 * 288);
  });
});

describe("a trade without faults", () => {
  const events = toEvents([...generateTrade({ ...SMALL, to: FROM + 9 * DAY, faults: NO_FAULTS })]);
  const byType = Map.groupBy(events, ({ type }) => type);

  test("receives and bills nothing that was not ordered, and all of it in the end", () => {
    const ordered = sumByLine(byType.get("procurement.purchase_order.issued"));
    const received = sumByLine(byType.get("receiving.goods_receipt.recorded"));
    const billed = sumByLine(byType.get("erp.invoice.received"));
    const refused = new Set(
      (byType.get("procurement.purchase_order.cancelled") ?? []).flatMap((event) =>
        toIds(event, "purchase_order_line"),
      ),
    );
    for (const [line, quantity] of received) expect(quantity).toBeLessThanOrEqual(ordered.get(line) ?? 0);
    for (const [line, quantity] of billed) expect(quantity).toBeLessThanOrEqual(ordered.get(line) ?? 0);
    const settled = (byType.get("procurement.purchase_order.issued") ?? []).filter(
      ({ time }) => Date.parse(time ?? "") < FROM + 2 * DAY,
    );
    const lines = settled.flatMap((event) => toIds(event, "purchase_order_line")).filter((line) => !refused.has(line));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(received.get(line)).toBe(ordered.get(line));
  });

  test("brings every early fall below par back to available", () => {
    const isEarly = ({ time }: Event) => Date.parse(time ?? "") < FROM + 2 * DAY;
    const fallen = (byType.get("pharmacy.stock.below_par") ?? [])
      .filter(isEarly)
      .flatMap((event) => toIds(event, "replenishment"));
    const ended = ["pharmacy.stock.available", "pharmacy.replenishment.cancelled"].flatMap(
      (type) => byType.get(type) ?? [],
    );
    const back = new Set(ended.flatMap((event) => toIds(event, "replenishment")));
    expect(fallen.length).toBeGreaterThan(20);
    expect(fallen.filter((id) => !back.has(id))).toEqual([]);
  });
});

function digestOf(options: TradeOptions): string {
  const hash = createHash("sha256");
  for (const dispatch of generateTrade(options)) hash.update(JSON.stringify(dispatch));
  return hash.digest("hex");
}

function toEvents(dispatches: Dispatch[]): Event[] {
  return dispatches.flatMap((dispatch) => (dispatch.kind === "event" ? [dispatch.event] : []));
}

function isNewcomer([source]: [source: string, beats: Event[]]): boolean {
  return NEW_SUPPLIERS.some((name) => source.startsWith(`/edi/${name}`));
}

function toKey({ source, id }: { source: string; id: string }): string {
  return `${source} ${id}`;
}

function toIds(event: Event, type: string): string[] {
  const objects = typeof event.data === "object" ? (event.data?.objects ?? []) : [];
  return objects.filter((object) => object.type === type).map(({ id }) => id);
}

function sumByLine(events: Event[] = []): Map<string, number> {
  const sums = new Map<string, number>();
  for (const event of events) {
    const quantity = typeof event.data === "object" ? Number(event.data?.measures?.["quantity"]?.value) : Number.NaN;
    for (const line of toIds(event, "purchase_order_line")) sums.set(line, (sums.get(line) ?? 0) + quantity);
  }
  return sums;
}
