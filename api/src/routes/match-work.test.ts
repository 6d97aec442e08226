import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type MatchItem, matchDetail, matchItem, matchPage } from "../contract/match.ts";
import { matchSummary } from "../contract/match-work.ts";
import { outcomeCasePage, outcomes } from "../contract/outcome.ts";
import { invoiced, received } from "../projections/matches/events.fixture.ts";
import { readPages } from "../rows.fixture.ts";
import { noonOf, on, receiptOf, startWork, type Work } from "./match-work.fixture.ts";

let world: Work;

beforeAll(async () => {
  world = await startWork();
}, 120_000);

afterAll(() => world.close());

const list: Work["list"] = (...of) => world.list(...of);
const find: Work["find"] = (...of) => world.find(...of);
const read: Work["read"] = (...of) => world.read(...of);
const act: Work["act"] = (...of) => world.act(...of);

const toShort = ({ kind, order, causes, work: of }: MatchItem) =>
  [kind, order, causes[0]?.code, of?.state, of?.owner?.id].join(" ");
const problem = z.object({ code: z.string() });
const seenOf = async (order: string) => ({ seen: (await find(order)).work?.seen ?? "" });

describe("the list of what needs work", () => {
  test("shows it with owner, money, next day and advice, and nothing else", async () => {
    expect((await list("state=open")).map(toShort)).toEqual([
      "line 6/10 PRICE open payers",
      "line 5/10 CURRENCY open payers",
      "line 3/10 NO_RECEIPT open dock",
      "line 2/10 PRICE open buyers",
      "line 1/10 PRICE open buyers",
    ]);
    expect((await find("1/10")).work).toMatchObject({
      stake: { value: "1100.00", currency: "USD" },
      worth: { value: "100.00", currency: "USD" },
      needsSecondPerson: false,
      nextOn: "2026-03-25",
      nextActions: [{ code: "PRICE", action: "Look at PRICE." }],
      raisedAt: new Date(noonOf(20)).toISOString(),
    });
    expect((await find("4/10")).work).toBeNull();
  });

  test("sorts by age and by what is due first, page by page", async () => {
    expect((await list("sort=oldest")).map(({ order }) => order)).toEqual(["1/10", "2/10", "3/10", "5/10", "6/10"]);
    const due = ["3/10", "1/10", "2/10", "5/10", "6/10"];
    expect((await list("sort=due")).map(({ order }) => order)).toEqual(due);
    for (const sort of ["due", "oldest", "entered"]) {
      const path = `/matches?limit=2&sort=${sort}`;
      const paged = await readPages({ tower: world.tower, path, parse: (body) => matchPage.parse(body) });
      expect(paged).toEqual(await list(`sort=${sort}`));
    }
  });

  test("narrows by owner, code, age, and what is resolved stands alone", async () => {
    expect((await list("owner=buyers")).map(({ order }) => order)).toEqual(["2/10", "1/10"]);
    expect((await list("owner=payers&code=PRICE")).map(({ order }) => order)).toEqual(["6/10"]);
    expect((await list("state=open&minAgeDays=9")).map(({ order }) => order)).toEqual(["2/10", "1/10"]);
    expect((await list("state=open&maxAgeDays=6")).map(({ order }) => order)).toEqual(["6/10", "5/10"]);
    expect((await world.tower.request("/matches?state=open&state=resolved", {})).status).toBe(400);
    expect((await world.tower.request("/matches?sort=due&asOf=2026-03-20T00:00:00Z", {})).status).toBe(400);
  });

  test("leaves as CSV and Parquet with state and owner", async () => {
    const csv = await (await world.tower.request("/matches?owner=buyers&format=csv", {})).text();
    expect(csv.split("\r\n")[1]).toContain("open,buyers,1400.00");
    expect((await world.tower.request("/matches?owner=buyers&format=parquet", {})).status).toBe(200);
  });

  test("counts by state, owner and code, each with its list and its money", async () => {
    const summary = matchSummary.parse(await world.tower.get("/matches/summary"));
    expect(summary.states).toMatchObject([{ state: "open", results: { value: 5 } }]);
    expect(await world.listOwners()).toEqual(["buyers 2 2500.00 USD", "payers 2 1100.00 USD", "dock 1 1000.00 USD"]);
    for (const { results } of [...summary.owners, ...summary.codes, ...summary.states]) {
      const path = results.href.replace("/api/v1", "");
      const rows = matchPage.parse(await world.tower.get(path)).items;
      expect(rows.length).toBe(results.value);
    }
    for (const { results } of summary.outcomes) {
      const rows = matchPage.parse(await world.tower.get(`${results.href.replace("/api/v1", "")}&limit=1000`)).items;
      expect(rows.length).toBe(results.value);
    }
  });

  test("is seen from the seats of payers, buyers and receivers, within their sites, and by nobody else", async () => {
    const countFor = async (scope: { sites: "*" | string[]; domains: string[] }) =>
      (await list("state=open", await world.tower.createKey({ scope }))).length;
    expect(await countFor({ sites: "*", domains: ["procurement"] })).toBe(5);
    expect(await countFor({ sites: ["north"], domains: ["erp"] })).toBe(5);
    expect(await countFor({ sites: ["south"], domains: ["erp"] })).toBe(0);
    expect(await countFor({ sites: "*", domains: ["pharmacy"] })).toBe(0);
  });
});

describe("a match in detail", () => {
  test("shows terms, documents with their events, and every test", async () => {
    const { derivation, history, acts } = await read("1/10");
    const [line] = derivation?.lines ?? [];
    expect(derivation).toMatchObject({ isSame: true, profile: "T1" });
    expect(line).toMatchObject({
      order: "1/10",
      terms: { price: { value: "10", currency: "USD" }, isReceiptExpected: true },
      figures: { price: "10", received: "100", invoiced: "0", expected: "100", quantity: "100", amount: "1100.00" },
      billed: { kind: "invoice", id: "CARDINAL/A-1", quantity: "100", leftOut: null },
    });
    expect(line?.documents).toMatchObject([{ kind: "receipt", quantity: "100", leftOut: null, event: "log:2" }]);
    expect(line?.tests.find(({ code }) => code === "PRICE")).toMatchObject({
      isBroken: true,
      difference: { value: "100.00", currency: "USD" },
      percent: "10.00",
      limit: { amount: "50.00", percent: "2" },
    });
    expect(line?.tests.find(({ code }) => code === "QTY_OVER_RECEIVED")).toMatchObject({ isBroken: false });
    expect(history).toMatchObject([{ outcome: "blocked", causes: [{ code: "PRICE" }] }]);
    expect(history[0]?.events.map(({ type }) => type)).toContain("erp.invoice.received");
    expect(acts).toEqual([]);
  });

  test("is not found where there is none, or none to be seen", async () => {
    const { id } = await find("1/10");
    expect((await world.tower.request("/matches/line~invoice~NONE~~1%2F10~", {})).status).toBe(404);
    expect((await world.tower.request("/matches/nonsense", {})).status).toBe(404);
    const south = await world.tower.createKey({ scope: { sites: ["south"], domains: "*" } });
    expect((await world.tower.request(`/matches/${encodeURIComponent(id)}`, { key: south })).status).toBe(404);
  });

  test("of an invoice shows all of its lines, of an order line all that moved on it", async () => {
    const [whole] = await list("kind=invoice&invoice=CARDINAL/A-1");
    const [order] = await list("kind=order&order=1/10");
    const of = async (item: MatchItem | undefined) =>
      matchDetail.parse(await world.tower.get(`/matches/${encodeURIComponent(item?.id ?? "")}`)).derivation;
    expect((await of(whole))?.lines.map((line) => line.order)).toEqual(["1/10"]);
    expect((await of(order))?.lines[0]?.documents.map(({ kind }) => kind)).toEqual(["receipt", "invoice"]);
    expect((await of(order))?.isSame).toBe(true);
  });
});

describe("a journey", () => {
  test("shows the matches of its object, those that need work first", async () => {
    const of = async (path: string) =>
      z
        .object({ matches: z.array(matchItem) })
        .parse(await world.tower.get(`/journeys/${path}`))
        .matches.map(toShort);
    const line = "line 2/10 PRICE open buyers";
    expect((await of("purchase_order_line/2%2F10"))[0]).toBe(line);
    expect((await of("purchase_order_line/2%2F10")).length).toBe(3);
    expect((await of("invoice/CARDINAL%2FA-2"))[0]).toBe(line);
    const then = "?asOf=2026-03-01T00:00:00Z";
    expect((await world.tower.request(`/journeys/purchase_order_line/2%2F10${then}`, {})).status).toBe(404);
  });
});

describe("working on a match", () => {
  test("take it, log minutes, give it back", async () => {
    expect((await act("2/10", "take")).status).toBe(200);
    expect((await find("2/10")).work).toMatchObject({ state: "in_work", takenBy: { name: "Ada" }, version: 1 });
    expect((await act("2/10", "log", { minutes: 20, note: "Called the supplier" })).status).toBe(200);
    await act("2/10", "log", { minutes: 5, workedAt: "2026-03-19T10:00:00Z", key: world.ben });
    expect((await find("2/10")).work).toMatchObject({ state: "in_work", takenBy: { name: "Ada" }, minutes: 25 });
    expect((await list("state=in_work")).map(({ order }) => order)).toEqual(["2/10"]);
    const { acts } = await read("2/10");
    expect(acts.map(({ verb, by, minutes }) => [verb, by.name, minutes])).toEqual([
      ["log", "Ben", 5],
      ["log", "Ada", 20],
      ["take", "Ada", 0],
    ]);
    expect((await act("2/10", "log", { minutes: 5, workedAt: "2026-03-29T10:00:00Z" })).status).toBe(400);
    await act("2/10", "release");
    expect((await find("2/10")).work).toMatchObject({ state: "open", takenBy: null, minutes: 25 });
  });

  test("one person accepts up to the limit; what the rules say stays", async () => {
    const accepted = await act("1/10", "accept", { ...(await seenOf("1/10")), reason: "Agreed by phone" });
    expect(accepted.status).toBe(200);
    expect(matchItem.parse(accepted.body)).toMatchObject({
      outcome: "blocked",
      causes: [{ code: "PRICE" }],
      work: { state: "accepted", acceptedBy: { name: "Ada" }, approvedBy: null, reason: "Agreed by phone" },
    });
    expect((await list("owner=buyers&state=open")).map(({ order }) => order)).toEqual(["2/10"]);
    // What is accepted is nobody's to do.
    expect(await world.listOwners()).toContain("buyers 1 1400.00 USD");
  });

  test("beyond the limit a second person has to approve, and never the same one", async () => {
    const seen = await seenOf("2/10");
    await act("2/10", "accept", { ...seen, reason: "Price was raised" });
    expect((await find("2/10")).work).toMatchObject({ state: "proposed", needsSecondPerson: true });
    expect(await world.listOwners()).toContain("buyers 1 1400.00 USD");
    const refused = await act("2/10", "approve", seen);
    expect([refused.status, problem.parse(refused.body).code]).toEqual([403, "second_person_required"]);
    expect((await act("2/10", "approve", { ...seen, note: "Seen the letter", key: world.ben })).status).toBe(200);
    expect((await find("2/10")).work).toMatchObject({ state: "accepted", approvedBy: { name: "Ben" } });
    expect((await world.listOwners()).filter((owner) => owner.startsWith("buyers"))).toEqual([]);
    const logged = await world.tower.writer.query({
      query: "SELECT action, actor, detail FROM audit_log WHERE action LIKE 'match.%' ORDER BY at DESC LIMIT 1",
      format: "JSONEachRow",
    });
    const [entry] = z
      .array(z.object({ action: z.string(), actor: z.string(), detail: z.string() }))
      .parse(await logged.json());
    expect(entry?.action).toBe("match.approve");
    expect(JSON.parse(entry?.detail ?? "")).toMatchObject({
      difference: "400.00",
      currency: "USD",
      note: "Seen the letter",
    });
  });

  test("without an amount that can be trusted a second person is needed, and may refuse", async () => {
    await act("5/10", "accept", { ...(await seenOf("5/10")), reason: "It is euros" });
    expect((await find("5/10")).work).toMatchObject({ state: "proposed", worth: null });
    await act("5/10", "withdraw", { note: "Which rate?", key: world.ben });
    expect((await find("5/10")).work).toMatchObject({ state: "open", acceptedBy: null, reason: "" });
  });

  test("what was seen before is refused, as are roles that only read", async () => {
    const { id } = await find("3/10");
    const send = (key: string, body: object) =>
      world.tower.request(`/matches/${encodeURIComponent(id)}/take`, {
        method: "POST",
        key,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
    expect((await send(await world.tower.createKey({ roles: ["viewer"] }), { version: 0 })).status).toBe(403);
    expect((await send(world.ada, { version: 7 })).status).toBe(409);
    const south = await world.tower.createKey({ roles: ["operator"], scope: { sites: ["south"], domains: "*" } });
    expect((await send(south, { version: 0 })).status).toBe(404);
    const other = await act("3/10", "accept", { seen: "0".repeat(16), reason: "Whatever it is" });
    expect([other.status, problem.parse(other.body).code]).toEqual([409, "conflict"]);
    expect((await act("4/10", "take")).status).toBe(404);
  });

  test("of two who take it at the same time one has it", async () => {
    const both = await Promise.all([act("3/10", "take"), act("3/10", "take", { key: world.ben })]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });
});

describe("what arrives later", () => {
  test("a receipt resolves what waited for it, and the list as of before still shows it", async () => {
    const before = new Date(world.now()).toISOString();
    await world.project([received(21, "100 EA", { objects: on("3/10") })], noonOf(21));
    expect((await find("3/10")).work).toMatchObject({
      state: "resolved",
      resolvedAt: new Date(noonOf(21)).toISOString(),
    });
    expect((await list("state=resolved")).map(({ order, kind }) => `${kind} ${order}`)).toEqual(["line 3/10"]);
    expect((await list("state=in_work")).length).toBe(0);
    expect((await list(`state=in_work&asOf=${before}`)).map(({ order }) => order)).toEqual(["3/10"]);
    const { history } = await read("3/10");
    expect(history.map(({ outcome }) => outcome)).toEqual(["matched", "held"]);
    expect(history[0]?.events.map(({ type }) => type)).toEqual(["erp.goods_receipt.posted"]);
  });

  test("outcomes end an exception with its acceptance, and estimate the time that nobody logged", async () => {
    const found = outcomes.parse(await world.tower.get("/outcomes")).items;
    const items = new Map(found.map((one) => [one.id, one]));
    expect(items.get("exception-resolution")).toMatchObject({ measure: { n: 2, value: "0", declared: null }, open: 2 });
    expect(items.get("touchless")?.measure).toMatchObject({ n: 4, numerator: "1" });
    expect(items.get("manual-effort")).toMatchObject({
      isEstimated: true,
      measure: { n: 4, declared: 3, value: String((25 + 5 + 5 + 10) * 60_000) },
    });
    const cases = outcomeCasePage.parse(await world.tower.get("/outcomes/manual-effort/cases?part=counted")).items;
    expect(cases.filter(({ note }) => note.includes("by the declared standard")).length).toBe(3);
  });

  test("another difference voids an acceptance; another receipt alone does not", async () => {
    const corrected = invoiced(10, "100 EA for 1200.00 USD", {
      id: "again",
      objects: on("1/10", { invoice: "CARDINAL/A-1" }),
    });
    expect((await find("1/10")).work?.state).toBe("accepted");
    await world.project([receiptOf("2/10", "10 EA"), corrected], noonOf(22));
    expect((await find("2/10")).work?.state).toBe("accepted");
    const item = await find("1/10");
    expect(item.causes.length).toBeGreaterThan(0);
    expect(item.work).toMatchObject({ state: "open", isReopened: true, acceptedBy: null });
    expect((await list("state=open")).map(({ order }) => order)).toContain("1/10");
    expect((await read("1/10")).acts).toMatchObject([{ verb: "accept", isVoid: true }]);
  });

  test("every state that is filtered by is the state that is shown", async () => {
    for (const state of ["open", "in_work", "proposed", "accepted", "resolved"]) {
      const shown = await list(`state=${state}`);
      expect(shown.every(({ work }) => work?.state === state)).toBe(true);
    }
    const all = (await list("limit=1000")).filter(({ work }) => work !== null && work.state !== "resolved");
    expect((await list("sort=entered&limit=1000")).map(({ id }) => id).toSorted()).toEqual(
      all.map(({ id }) => id).toSorted(),
    );
  });
});
