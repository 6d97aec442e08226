import type { ClickHouseClient } from "@clickhouse/client";

const ROWS_AT_ONCE = 2_000_000;

/**
 * Gives verdicts to the order lines of `fillTrade` as the projector would have: for each line and leg an OPEN row that a
 * later one replaces, and the counts of both. Roughly one leg in forty is breached and one in fifty still open.
 */
export async function fillVerdicts(
  client: ClickHouseClient,
  options: { lines: number; flow: string; legs: readonly string[]; until: number },
) {
  const { lines, flow, legs, until } = options;
  const linesAtOnce = Math.floor(ROWS_AT_ONCE / legs.length);
  const names = `[${legs.map((leg) => `'${leg}'`).join()}]`;
  for (let first = 0; first < lines; first += linesAtOnce) {
    const count = Math.min(linesAtOnce, lines - first);
    for (const isFinal of [false, true])
      await client.command({
        query: `INSERT INTO leg_verdicts (flow, leg, instance_type, instance_id, occurrence, batch, verdict, dated_at, started_at, ended_at,
            due_at, at_risk_at, start_log, start_position, site, domain, criticality, rule_version, evaluated_at)
          WITH intDiv(number, ${legs.length}) AS line, number % ${legs.length} AS leg_index,
            cityHash64(line, leg_index) AS chance,
            multiIf(chance % 50 = 0, 'OPEN', chance % 40 = 0, 'BREACHED', 'MET') AS final,
            toDateTime64(${until} - (1 - line / ${lines}) * 1200000 + leg_index * 600, 3, 'UTC') AS started,
            started + toIntervalSecond(14400) AS due,
            ${isFinal ? "final" : "'OPEN'"} AS verdict
          SELECT '${flow}', ${names}[leg_index + 1], 'purchase_order_line',
            concat('pu-', toString(reinterpretAsUInt32(sipHash64(toInt64(line))) % 100000000), '/', toString(line)), 0,
            ${isFinal ? 2_000_000 : 1_000_000} + intDiv(line, 1000), verdict,
            multiIf(verdict = 'MET', started + toIntervalSecond(chance % 14000), verdict = 'BREACHED', due, started) AS dated,
            started, if(verdict = 'MET', dated, NULL), due, started + toIntervalSecond(11520), 'a', line * 6 + 1,
            concat('site-', toString(line % 3)), 'procurement', if(line % 10 = 0, 'critical', 'standard'), 'v1', dated
          FROM numbers(${first * legs.length}, ${count * legs.length})
          WHERE ${isFinal ? "final != 'OPEN'" : "1"}
          SETTINGS max_insert_block_size = 1000000, max_threads = 1`,
      });
  }
  await client.command({
    query: `INSERT INTO leg_rollups (flow, leg, domain, site, criticality, verdict, hour, ended, legs)
      SELECT flow, leg, domain, site, criticality, verdict, toStartOfHour(dated_at), verdict = 'MET', count() FROM (
        SELECT flow, leg, domain, site, criticality, argMax(verdict, batch) AS verdict, argMax(dated_at, batch) AS dated_at
        FROM leg_verdicts WHERE flow = '${flow}' GROUP BY flow, leg, instance_type, instance_id, domain, site, criticality)
      GROUP BY ALL SETTINGS max_memory_usage = 3000000000, max_bytes_before_external_group_by = 1000000000`,
  });
}
