import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { openProjector } from "@throughline/api/projections/projector";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { storeBatch } from "../../api/src/projections/stored-facts.fixture.ts";
import { loadPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";
import { chicago } from "./history.ts";
import { closes } from "./histories/closes.ts";
import { controlled } from "./histories/controlled.ts";
import { dispenses } from "./histories/dispenses.ts";
import { items } from "./histories/items.ts";
import { suppliers } from "./histories/suppliers.ts";

const NOW = chicago("2026-06-15 12:00");
const verdictRow = z.object({
  flow: z.string(),
  leg: z.string(),
  instance: z.string(),
  verdict: z.string(),
  due: z.coerce.number().nullable(),
  late: z.coerce.number().nullable(),
  flags: z.array(z.string()),
});
type VerdictRow = z.infer<typeof verdictRow>;

let directory: string;
let engine: LocalEngine;
let client: ClickHouseClient;
let rows: VerdictRow[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "throughline-flows-"));
  engine = await startLocalEngine({ directory, memoryBytes: 1_500_000_000 });
  await prepareStore(engine.connection);
  client = createWriter(engine.connection);
  const facts = [closes, controlled, dispenses, items, suppliers].flat();
  // Half of the words come in the order of time, the other half against it.
  const ordered = facts.toSorted((a, b) => a.time - b.time);
  const arriving = [
    ...ordered.filter((_, index) => index % 2 === 0),
    ...ordered.filter((_, index) => index % 2 === 1).toReversed(),
  ];
  await storeBatch(client, arriving, { log: "a", batch: 1, first: 1 });
  const projector = await openProjector({
    connection: engine.connection,
    pack: loadPack(join(ROOT, "config")),
    now: () => NOW,
    maxEvents: 20,
  });
  while (await projector.advance());
  await projector.close();
  rows = await listVerdicts();
});

afterAll(async () => {
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** The verdicts of an instance, by leg. */
function verdictsOf(flow: string, instance: string): Record<string, string> {
  const own = rows.filter((row) => row.flow === flow && row.instance === instance);
  return Object.fromEntries(own.map(({ leg, verdict }) => [leg, verdict]));
}

function find(flow: string, instance: string, leg: string): VerdictRow | undefined {
  return rows.find((row) => row.flow === flow && row.instance === instance && row.leg === leg);
}

describe("controlled-substance-order", () => {
  const flow = "controlled-substance-order";

  test("is met when an electronic order is filled in parts, linked, and reported on the second business day", () => {
    expect(verdictsOf(flow, "AB1234563/26X004711/1")).toEqual({
      verification: "MET",
      shipment: "MET",
      fill: "MET",
      receipt: "MET",
      linking: "MET",
      "electronic-report": "MET",
    });
    expect(find(flow, "AB1234563/26X004711/1", "electronic-report")?.due).toBe(chicago("2026-03-11 00:00") - 1);
  });

  test("is breached from the third business day on without a report", () => {
    expect(find(flow, "AB1234563/26X004712/1", "electronic-report")).toMatchObject({
      verdict: "BREACHED",
      late: 30 * 60_000 + 1,
    });
  });

  test("is not verified by a check that finds the certificate revoked", () => {
    expect(verdictsOf(flow, "AB1234563/26X004713/1")).toEqual({ verification: "BREACHED", fill: "BREACHED" });
  });

  test("is void after sixty days when shipped short, and its copy is due by the close of that month", () => {
    expect(verdictsOf(flow, "AB1234563/190012345/1")).toEqual({
      verification: "MET",
      shipment: "MET",
      fill: "BREACHED",
      receipt: "MET",
      linking: "BREACHED",
      "paper-copy": "MET",
    });
    expect(find(flow, "AB1234563/190012345/1", "fill")?.due).toBe(chicago("2026-05-31 00:00") - 1);
    expect(find(flow, "AB1234563/190012345/1", "paper-copy")?.due).toBe(chicago("2026-06-01 00:00") - 1);
  });

  test("counts no more when it was cancelled", () => {
    expect(verdictsOf(flow, "AB1234563/26X004714/1")).toEqual({
      verification: "MET",
      shipment: "EXCLUDED",
      fill: "EXCLUDED",
    });
  });
});

describe("controlled-substance-loss", () => {
  const flow = "controlled-substance-loss";

  test("wants notice on the next business day and the form within 45 days", () => {
    expect(verdictsOf(flow, "north/L-1")).toEqual({ notice: "MET", "form-106": "BREACHED" });
    expect(find(flow, "north/L-1", "notice")?.due).toBe(chicago("2026-03-10 00:00") - 1);
    expect(find(flow, "north/L-1", "form-106")).toMatchObject({ due: chicago("2026-04-21 00:00") - 1, late: 600_001 });
  });

  test("runs while there is time, and ends when a person says that nothing was lost", () => {
    expect(verdictsOf(flow, "north/L-2")).toEqual({ notice: "BREACHED", "form-106": "OPEN" });
    expect(verdictsOf(flow, "north/L-3")).toEqual({ notice: "EXCLUDED", "form-106": "EXCLUDED" });
  });
});

describe("supplier-onboarding", () => {
  test("is met with the first live order that was accepted and acknowledged", () => {
    expect(verdictsOf("supplier-onboarding", "SR-1")).toEqual({
      diligence: "MET",
      master: "MET",
      certification: "MET",
      "first-order": "MET",
      acceptance: "MET",
      acknowledgement: "MET",
      onboarding: "MET",
    });
  });

  test("shows a duplicate vendor and a wrong interchange id where they hold it up", () => {
    expect(verdictsOf("supplier-onboarding", "SR-2")).toEqual({
      diligence: "MET",
      master: "BREACHED",
      certification: "MET",
      "first-order": "MET",
      acceptance: "BREACHED",
      acknowledgement: "BREACHED",
      onboarding: "BREACHED",
    });
  });
});

describe("item-formulary-sync", () => {
  test("names the one subscriber that was missed", () => {
    expect(verdictsOf("item-formulary-sync", "00093415573/v12")).toEqual({
      master: "MET",
      crosswalk: "MET",
      "confirmation-ehr": "MET",
      "confirmation-cabinets": "MET",
      "confirmation-eprocurement": "MET",
      "confirmation-billing": "MET",
      "confirmation-wholesaler": "BREACHED",
    });
  });

  test("gives a routine change a day", () => {
    expect(find("item-formulary-sync", "00093415573/v13", "confirmation-wholesaler")).toMatchObject({ verdict: "MET" });
    expect(find("item-formulary-sync", "00093415573/v13", "confirmation-ehr")).toMatchObject({
      verdict: "BREACHED",
      late: 1000,
    });
  });
});

describe("contract-price-sync", () => {
  const flow = "contract-price-sync";

  test("wants the price loaded a day before it counts, over a change of clocks", () => {
    expect(verdictsOf(flow, "CARDINAL/C-1/T2/00093415573/CS/2026-03-09")).toEqual({
      "loading-erp": "MET",
      "loading-eprocurement": "MET",
      "loading-wholesaler": "BREACHED",
      effect: "MET",
    });
    expect(find(flow, "CARDINAL/C-1/T2/00093415573/CS/2026-03-09", "loading-erp")?.due).toBe(
      chicago("2026-03-07 23:00"),
    );
  });

  test("is late from the start for a retroactive price, and not loaded where tier or unit is refused", () => {
    const instance = "CARDINAL/C-1/T1/00093415573/CS/2026-02-01";
    expect(verdictsOf(flow, instance)).toEqual({
      "loading-erp": "BREACHED",
      "loading-eprocurement": "BREACHED",
      "loading-wholesaler": "BREACHED",
      effect: "MET",
    });
    expect(find(flow, instance, "loading-erp")).toMatchObject({ due: chicago("2026-03-02 09:00"), late: 3_600_000 });
  });
});

describe("dispense-to-ledger", () => {
  const flow = "dispense-to-ledger";
  const met = { decrement: "MET", valuation: "MET", batch: "MET", journal: "MET", ledger: "MET" };

  test("is met when the night's run takes the dispense, also when the batch is replayed", () => {
    expect(verdictsOf(flow, "north/d1")).toEqual(met);
    expect(find(flow, "north/d1", "batch")?.due).toBe(chicago("2026-03-03 03:00"));
  });

  test("waits for the mapping of an unknown NDC", () => {
    expect(verdictsOf(flow, "north/d2")).toEqual({ ...met, valuation: "BREACHED", ledger: "BREACHED" });
  });

  test("shows returns and waste that were not reversed", () => {
    expect(verdictsOf(flow, "north/d3")).toEqual({ ...met, "give-back": "BREACHED" });
    expect(verdictsOf(flow, "north/d4")).toEqual({ ...met, "give-back": "MET" });
  });
});

describe("period-close", () => {
  test("loses its lock when it is opened again, and takes the time that the lock stood as given", () => {
    expect(verdictsOf("period-close", "1000/2026-03")).toEqual({
      feeds: "MET",
      reconciliation: "MET",
      accrual: "MET",
      approval: "MET",
      lock: "BREACHED",
      close: "MET",
    });
    expect(find("period-close", "1000/2026-03", "lock")).toMatchObject({
      due: chicago("2026-04-08 12:00"),
      late: 3 * 3_600_000,
      flags: ["reopened"],
    });
  });

  test("shows late feeds, and a lock that nobody approved", () => {
    expect(verdictsOf("period-close", "1000/2026-W10")).toEqual({
      feeds: "BREACHED",
      reconciliation: "MET",
      accrual: "MET",
      approval: "BREACHED",
      lock: "ORPHAN_END",
      close: "MET",
    });
  });
});

async function listVerdicts(): Promise<VerdictRow[]> {
  const result = await client.query({
    query: `SELECT flow, leg, instance_id AS instance, verdict, toUnixTimestamp64Milli(due_at) AS due,
        toUnixTimestamp64Milli(ended_at) - toUnixTimestamp64Milli(due_at) AS late, flags
      FROM (SELECT * FROM leg_verdicts ORDER BY flow, leg, instance_id, occurrence, batch DESC
        LIMIT 1 BY flow, leg, instance_id, occurrence)
      WHERE is_removed = 0 LIMIT 10000`,
    format: "JSONEachRow",
  });
  return verdictRow.array().parse(await result.json());
}
