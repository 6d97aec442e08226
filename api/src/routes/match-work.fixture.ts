import { MATCH_CODES } from "@throughline/schemas/match";
import type { MatchRouting } from "@throughline/schemas/pack/match-routing";
import { type MatchDetail, type MatchItem, matchDetail, matchPage } from "../contract/match.ts";
import { matchSummary } from "../contract/match-work.ts";
import { invoiced, ordered, received } from "../projections/matches/events.fixture.ts";
import { T1 } from "../projections/matches/trade.fixture.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { startTower, TEST_PACK } from "../tower.fixture.ts";

/** Noon of a day of March 2026. */
export const noonOf = (day: number) => Date.UTC(2026, 2, day, 12);

const ROUTING: MatchRouting = {
  owners: [
    { id: "buyers", title: "Buyers", seat: "procurement" },
    { id: "dock", title: "Dock", seat: "receiving" },
    { id: "payers", title: "Accounts payable", seat: "erp" },
  ],
  rules: [
    { codes: ["PRICE"], itemCategories: ["controlled"], owner: "payers" },
    { codes: ["PRICE"], owner: "buyers" },
    { codes: ["NO_RECEIPT"], owner: "dock" },
    { owner: "payers" },
  ],
  nextActions: Object.fromEntries(MATCH_CODES.map((code) => [code, `Look at ${code}.`])),
  acceptance: [{ currency: "USD", amount: "150.00" }],
  touchMinutes: { take: 10, release: "off", accept: 5, approve: 5, withdraw: "off" },
};
const pack = {
  ...TEST_PACK,
  tolerances: { profiles: [T1], rules: [{ profile: "T1" }], version: "rules-1" },
  matchRouting: ROUTING,
};

export const on = (line: string, more: Record<string, string> = {}) => ({ purchase_order_line: line, ...more });
export const receiptOf = (line: string, quantity = "100 EA") => received(5, quantity, { objects: on(line) });

interface Bill {
  line: string;
  number: string;
  billed: string;
  day: number;
  attributes?: Record<string, unknown>;
}

const bill = ({ line, number, billed, day, attributes = {} }: Bill) =>
  invoiced(day, billed, { objects: on(line, { invoice: `CARDINAL/${number}` }), attributes });

/** Six order lines with an invoice each: five of these keep something from being paid. */
const TRADE = [
  ...["1/10", "2/10", "4/10", "5/10"].flatMap((line) => [ordered(1, { objects: on(line) }), receiptOf(line)]),
  ordered(1, { objects: on("3/10") }),
  ordered(1, { objects: on("6/10"), attributes: { item_category: "controlled" } }),
  receiptOf("6/10"),
  bill({
    line: "1/10",
    number: "A-1",
    billed: "100 EA for 1100.00 USD",
    day: 10,
    attributes: { due_date: "2026-04-09", discount_date: "2026-03-25" },
  }),
  bill({
    line: "2/10",
    number: "A-2",
    billed: "100 EA for 1400.00 USD",
    day: 11,
    attributes: { due_date: "2026-04-01" },
  }),
  bill({
    line: "3/10",
    number: "A-3",
    billed: "100 EA for 1000.00 USD",
    day: 12,
    attributes: { due_date: "2026-03-21" },
  }),
  bill({ line: "4/10", number: "A-4", billed: "100 EA for 1000.00 USD", day: 13 }),
  bill({ line: "5/10", number: "A-5", billed: "100 EA for 1000.00 EUR", day: 14 }),
  bill({ line: "6/10", number: "A-6", billed: "100 EA for 1100.00 USD", day: 15 }),
];

/** A tower with matches of which some need work, and two people who may work on them. */
export async function startWork() {
  let now = noonOf(20);
  const tower = await startTower({ now: () => now, pack });
  const reconciler = await openReconciler({ connection: tower.engine.connection, pack, now: () => now });
  let batch = 0;
  let next = 1;
  const project = async (facts: Parameters<typeof storeBatch>[1], at: number) => {
    now = at;
    batch += 1;
    next = await storeBatch(tower.writer, facts, { log: "log", batch, first: next });
    while (await reconciler.advance());
  };
  const ada = await tower.createKey({ name: "Ada", roles: ["operator"] });
  const ben = await tower.createKey({ name: "Ben", roles: ["operator"] });
  await project(TRADE, now);
  const list = async (query: string, key?: string): Promise<MatchItem[]> =>
    matchPage.parse(await tower.get(`/matches?${query}`, key)).items;
  const find = async (order: string): Promise<MatchItem> => {
    const [item] = await list(`order=${order}&kind=line`);
    if (!item) throw new Error(`no match of ${order}`);
    return item;
  };
  return {
    tower,
    ada,
    ben,
    now: () => now,
    project,
    list,
    find,
    /** What each owner still has to do, with its money. */
    listOwners: async (): Promise<string[]> => {
      const { owners } = matchSummary.parse(await tower.get("/matches/summary"));
      return owners.map(({ owner, results, stakes }) =>
        [owner.id, results.value, ...stakes.flatMap(({ value, currency }) => [value, currency])].join(" "),
      );
    },
    read: async (order: string): Promise<MatchDetail> =>
      matchDetail.parse(await tower.get(`/matches/${encodeURIComponent((await find(order)).id)}`)),
    /** What somebody does, by Ada unless said otherwise, on the version that is current. */
    act: async (
      order: string,
      verb: string,
      { key = ada, ...body }: { key?: string; [name: string]: unknown } = {},
    ): Promise<{ status: number; body: unknown }> => {
      const { id, work } = await find(order);
      const answer = await tower.request(`/matches/${encodeURIComponent(id)}/${verb}`, {
        method: "POST",
        key,
        body: JSON.stringify({ version: work?.version ?? 0, ...body }),
        headers: { "content-type": "application/json" },
      });
      return { status: answer.status, body: await answer.json() };
    },
    close: async () => {
      await reconciler.close();
      await tower.close();
    },
  };
}

export type Work = Awaited<ReturnType<typeof startWork>>;
