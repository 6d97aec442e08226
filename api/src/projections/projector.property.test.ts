import type { ClickHouseClient } from "@clickhouse/client";

import type { StoreConnection } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clearStore } from "./clear-store.fixture.ts";
import type { Fact } from "./fact.ts";
import { listCurrentLegs } from "./engine/leg-store.ts";
import type { ApprovedWindow } from "./legs/moves.ts";
import { changedFlow, orderModel, toChangedModel } from "./legs/order-flow.fixture.ts";
import { judgeWorld } from "./oracle.fixture.ts";
import { LATER, ORDER_PACK, type ProjectedStore, openProjectedStore } from "./projected-store.fixture.ts";
import { type ProjectorOptions, openProjector } from "./projector.ts";
import { expectRollupsToTie } from "./rollups-tie.fixture.ts";
import { storeBatch } from "./stored-facts.fixture.ts";
import { storeWindow } from "./stored-windows.fixture.ts";
import { approvedWindows, changeTimes, worlds } from "./world.fixture.ts";

let projected: ProjectedStore;
let connection: StoreConnection;
let client: ClickHouseClient;

beforeAll(async () => {
  projected = await openProjectedStore();
  ({ connection, client } = projected);
});

afterAll(() => projected.close());

const clear = () => clearStore(client);

const project = (options: Partial<ProjectorOptions> = {}) => projected.project(options);

/** The same flows with other rules. */
const changedPack: Pack = {
  ...ORDER_PACK,
  flows: new Map([
    ["order", changedFlow],
    ["order-again", { ...changedFlow, id: "order-again" }],
  ]),
  ruleVersions: new Map([
    ["order", "v2"],
    ["order-again", "v2"],
  ]),
};

interface Course {
  splits: readonly { size: number; log: string; restart: boolean }[];
  /** Approved one by one between the batches, the rest at the end. */
  windows: readonly ApprovedWindow[];
  /** When the rules change; every other fact from before has come by then. */
  since: number | undefined;
}

/** Stores the facts in batches of the given sizes over two logs, with a projector that may be started anew between them. */
async function feed(facts: readonly Fact[], { splits, windows, since }: Course) {
  const next: Record<string, number> = {};
  const batches: Record<string, number> = {};
  const store = async (batch: readonly Fact[], log: string) => {
    if (batch.length === 0) return;
    batches[log] = (batches[log] ?? 0) + 1;
    next[log] = await storeBatch(client, batch, { log, batch: batches[log], first: next[log] ?? 1 });
  };
  const early = since === undefined ? [] : facts.filter(({ time }, index) => time < since && index % 2 === 0);
  if (since !== undefined) {
    await store(early, "a");
    await project({ now: () => since - 1 });
    await project({ pack: changedPack, now: () => since });
  }
  const open = () =>
    openProjector({ connection, pack: since === undefined ? ORDER_PACK : changedPack, now: () => LATER });
  let rest = facts.filter((fact) => !early.includes(fact));
  let waiting = windows.map((each, index) => ({ ...each, id: `w${index}`, version: 2, state: "approved" as const }));
  let projector = await open();
  for (const { size, log, restart } of [...splits, { size: facts.length, log: "a", restart: true }]) {
    await store(rest.slice(0, size), log);
    rest = rest.slice(size);
    const due = rest.length === 0 ? waiting.length : 1;
    for (const each of waiting.slice(0, due)) await storeWindow(client, each);
    waiting = waiting.slice(due);
    while (await projector.advance());
    if (!restart) continue;
    await projector.close();
    projector = await open();
  }
  await projector.close();
}

async function listLegs(model = orderModel) {
  const rows = await listCurrentLegs(client, model, {
    instanceIds: ["1/10", "1/20", "2/10"],
    before: Number.MAX_SAFE_INTEGER,
  });
  return rows.map(({ leg, instanceId, verdict, startedAt, endedAt, dueAt, supplier, occurrence }) => ({
    leg,
    instanceId,
    verdict,
    startedAt,
    endedAt,
    dueAt,
    supplier,
    occurrence,
  }));
}

type Keyed = { leg: string; instanceId: string; occurrence: number };
const toKey = ({ leg, instanceId, occurrence }: Keyed) => `${instanceId} ${leg} ${String(occurrence).padStart(3, "0")}`;
const byKey = (a: Keyed, b: Keyed) => (toKey(a) < toKey(b) ? -1 : 1);

const splits = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 8 }), log: fc.constantFrom("a", "b"), restart: fc.boolean() }),
  { maxLength: 6 },
);

describe("the projector", () => {
  it("gives the oracle's verdicts whatever the order, the repetitions, the batches, the restarts, the windows and the rules", async () => {
    const histories = worlds.chain((world) =>
      fc.record({
        world: fc.constant(world),
        order: fc.shuffledSubarray(world, { minLength: world.length }),
        splits,
        windows: approvedWindows,
        since: changeTimes,
      }),
    );
    await fc.assert(
      fc.asyncProperty(histories, async ({ world, order, ...course }) => {
        await clear();
        await feed(order, course);
        const { windows, since } = course;
        const model = since === undefined ? orderModel : toChangedModel(since);
        const legs = (await listLegs(model)).toSorted(byKey);
        // A second flow over the same objects and links sees the same.
        expect((await listLegs({ ...model, id: "order-again" })).toSorted(byKey)).toEqual(legs);
        expect(legs).toEqual(judgeWorld(model, world, { now: LATER, windows, since }).toSorted(byKey));
        await expectRollupsToTie(client);
      }),
      { numRuns: 25 },
    );
  }, 240_000);
});
