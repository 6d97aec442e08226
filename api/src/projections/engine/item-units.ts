import type { ClickHouseClient } from "@clickhouse/client";
import type { Contest, Fact } from "../fact.ts";
import { findObject, listStanding } from "../matches/read-facts.ts";
import { readItemUnits } from "../matches/read-reference.ts";
import type { ItemUnits } from "../matches/reference.ts";
import { roleOf } from "../matches/trade-types.ts";
import { listFactsAtPositions } from "./read-facts.ts";
import { createRecentMap } from "./recent-map.ts";
import type { Cursors } from "./steps.ts";

/** Statements of units that stay in memory. */
const MAX_HELD = 50_000;

/** Items of one question: what the store takes in a field is bounded. */
const CHUNK = 500;

/** The units that events state of items. */
export interface ItemUnitStore {
  /** Stores where the events are that state units, before any item of theirs is asked for. */
  insertStated: (facts: readonly Fact[], token: string) => Promise<void>;
  /** What is known of items by the events before the cursors. */
  load: (
    items: readonly string[],
    known: { until: Cursors; contested: ReadonlyMap<string, Contest> },
  ) => Promise<ItemUnits[]>;
}

export function createItemUnitStore(client: ClickHouseClient): ItemUnitStore {
  const held = createRecentMap<string, readonly Fact[] | undefined>(MAX_HELD, (facts) => (facts?.length ?? 0) + 1);
  return {
    insertStated: async (facts, token) => {
      const stated = facts.flatMap((fact) => {
        const item = findStatedItem(fact);
        return item === undefined ? [] : [{ item, fact }];
      });
      if (stated.length === 0) return;
      await client.insert({
        table: "item_unit_events",
        values: stated.map(({ item, fact: { log, position, site, domain } }) => ({
          item,
          log,
          position,
          site,
          domain,
        })),
        format: "JSONEachRow",
        clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
      });
      for (const { item } of stated) held.set(item, undefined);
    },
    load: async (items, { until, contested }) => {
      const found = new Map(items.map((item) => [item, held.get(item)]));
      const cold = items.filter((item) => found.get(item) === undefined);
      for (let start = 0; start < cold.length; start += CHUNK) {
        const chunk = cold.slice(start, start + CHUNK);
        const facts = Map.groupBy(await listStated(client, chunk, until), (fact) => findObject(fact, "item"));
        for (const item of chunk) {
          found.set(item, facts.get(item) ?? []);
          held.set(item, facts.get(item) ?? []);
        }
      }
      return readItemUnits(
        listStanding(
          [...found.values()].flatMap((facts) => facts ?? []),
          contested,
        ).facts,
      );
    },
  };
}

/** The item whose units an event states. */
export function findStatedItem(fact: Fact): string | undefined {
  return roleOf(fact) === "units" ? findObject(fact, "item") : undefined;
}

function listStated(client: ClickHouseClient, items: readonly string[], until: Cursors): Promise<Fact[]> {
  return listFactsAtPositions(client, until, {
    caller: "projector.item-units",
    sql: "SELECT log, position FROM item_unit_events WHERE item IN {items: Array(String)}",
    values: { items },
  });
}
