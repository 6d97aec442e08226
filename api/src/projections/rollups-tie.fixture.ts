import type { ClickHouseClient } from "@clickhouse/client";
import { expect } from "vitest";
import { readRawRows } from "./engine/read-rows.ts";

/** The counts kept along the way equal those counted from the current rows. */
export async function expectRollupsToTie(client: ClickHouseClient) {
  const kept = await readRawRows(client, {
    caller: "test",
    sql: `SELECT flow, leg, domain, site, criticality, supplier, verdict, hour, ended, sum(legs) AS total FROM leg_rollups
      GROUP BY ALL HAVING total != 0 ORDER BY ALL`,
  });
  const counted = await readRawRows(client, {
    caller: "test",
    sql: `SELECT flow, leg, domain, site, criticality, supplier, verdict, toStartOfHour(dated_at) AS hour,
        ended_at IS NOT NULL AS ended, count() AS total FROM (
        SELECT * FROM leg_verdicts ORDER BY flow, leg, instance_type, instance_id, occurrence, batch DESC
        LIMIT 1 BY flow, leg, instance_type, instance_id, occurrence)
      WHERE is_removed = 0 GROUP BY ALL ORDER BY ALL`,
  });
  expect(kept).toEqual(counted);
  await expectMinutesToTie(client);
  await expectDatesToTie(client);
}

/** Each verdict once in the order of instances and once in the order of hours. */
async function expectDatesToTie(client: ClickHouseClient) {
  const list = (table: string) =>
    readRawRows(client, {
      caller: "test",
      sql: `SELECT flow, leg, instance_type, instance_id, occurrence, batch, verdict, dated_at, started_at, ended_at, site,
          domain, criticality, supplier, evaluated_at, is_removed FROM ${table} ORDER BY ALL`,
    });
  expect(await list("leg_dates")).toEqual(await list("leg_verdicts"));
}

/** Minutes are kept of a few days only: a world that is older has to take the limit off the table first. */
async function expectMinutesToTie(client: ClickHouseClient) {
  const kept = await readRawRows(client, {
    caller: "test",
    sql: `SELECT flow, leg, domain, site, criticality, supplier, minute, sum(good) AS met, sum(bad) AS breached FROM leg_minutes
      GROUP BY ALL HAVING met != 0 OR breached != 0 ORDER BY ALL`,
  });
  const counted = await readRawRows(client, {
    caller: "test",
    sql: `SELECT flow, leg, domain, site, criticality, supplier, toStartOfMinute(dated_at) AS minute,
        countIf(verdict = 'MET') AS met, countIf(verdict = 'BREACHED') AS breached FROM (
        SELECT * FROM leg_verdicts ORDER BY flow, leg, instance_type, instance_id, occurrence, batch DESC
        LIMIT 1 BY flow, leg, instance_type, instance_id, occurrence)
      WHERE is_removed = 0 GROUP BY ALL HAVING met != 0 OR breached != 0 ORDER BY ALL`,
  });
  expect(kept).toEqual(counted);
}
