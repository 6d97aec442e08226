import type { ClickHouseClient } from "@clickhouse/client";

/** Of so many events of an item in a place one is a count; the others are dispenses, one an hour. */
export const EVENTS_A_COUNT = 20;

/**
 * Stores `count` more events of one item in one place as a gateway would have left them, made by the engine itself. `first` is how
 * many there are in the log already.
 */
export async function addStockEvents(
  client: ClickHouseClient,
  { log, batch, first, count }: { log: string; batch: number; first: number; count: number },
) {
  await client.command({
    query: `INSERT INTO events (log, position, arrived_at, source, id, digest, type, domain, time, site, object_types, object_ids,
        object_roles, measure_names, measure_values, measure_units, measure_currencies, attributes, sequence)
      WITH number % ${EVENTS_A_COUNT} = 0 AS is_count, if(is_count, 'counted', 'recorded') AS verb
      SELECT {log: String}, number + 1, now64(3), 'cabinet', concat({log: String}, toString(number)), unhex(hex(MD5(toString(number)))),
        if(is_count, 'pharmacy.stock.counted', 'pharmacy.dispense.recorded'), 'pharmacy',
        toDateTime64('2016-01-01 00:00:00', 3, 'UTC') + toIntervalMinute(number * 40), 'north', ['location', 'item'], [{log: String}, 'item'],
        ['', ''], ['quantity'], [if(is_count, '100', '1')], ['EA'], [''], '{"controlled":true}', -1
      FROM numbers({first: UInt64}, {count: UInt64}) SETTINGS max_insert_block_size = 1000000, max_threads = 1`,
    query_params: { log, first, count },
  });
  await client.command({
    query: `INSERT INTO commits SELECT {log: String}, {batch: UInt64}, {first: UInt64} + 1, {first: UInt64} + {count: UInt64}, {count: UInt64},
      0, 0, 0, now64(3)`,
    query_params: { log, batch, first, count },
  });
}
