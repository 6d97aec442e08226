import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import type { Fact } from "../fact.ts";
import { findStatedItem } from "./item-units.ts";
import { readRows } from "./read-rows.ts";
import type { Step } from "./steps.ts";

/** Most instances that one step evaluates again because units were stated. */
const MAX_INSTANCES = 1000;

/** An item whose units were stated: what used them is to be evaluated again, from behind an instance on. */
export const restatedItemSchema = z.object({
  item: z.string(),
  after: z.object({ flow: z.string(), id: z.string() }).optional(),
});
export type RestatedItem = z.infer<typeof restatedItemSchema>;

/** An instance that has quantities of an item in more than one unit. */
export interface UnitUse {
  item: string;
  flow: string;
  instanceId: string;
  site: string;
  domain: string;
}

/** By flow, the instances to evaluate again in a step, and what is left for later steps. */
export interface Restated {
  instances: ReadonlyMap<string, ReadonlySet<string>>;
  rest: RestatedItem[];
}

/** The items whose units the facts state, or stated before another statement of the same event. */
export function listRestated(facts: readonly Fact[]): RestatedItem[] {
  return [...new Set(facts.flatMap((fact) => findStatedItem(fact) ?? []))].toSorted().map((item) => ({ item }));
}

const useRow = z.tuple([z.string(), z.string()]);

/** Finds the instances that used the units of items, as stored before the step, as many as one step may take. */
export async function findUnitUses(
  client: ClickHouseClient,
  items: readonly RestatedItem[],
  { before, isMine }: { before: number; isMine: (id: string) => boolean },
): Promise<Restated> {
  const instances = new Map<string, Set<string>>();
  let room = MAX_INSTANCES;
  for (const [index, { item, after }] of items.entries()) {
    if (room === 0) return { instances, rest: items.slice(index) };
    const rows = await readRows(client, useRow, {
      caller: "projector.unit-uses",
      sql: `SELECT DISTINCT flow, instance_id FROM leg_unit_uses
        WHERE item = {item: String} AND batch < {before: UInt64} AND (flow, instance_id) > ({flow: String}, {id: String})
        ORDER BY flow, instance_id LIMIT {limit: UInt32}`,
      values: { item, before, flow: after?.flow ?? "", id: after?.id ?? "", limit: room },
    });
    for (const [flow, id] of rows) {
      const known = instances.get(flow) ?? new Set();
      instances.set(flow, known);
      if (isMine(id)) known.add(id);
    }
    const last = rows.at(-1);
    if (rows.length === room && last !== undefined)
      return { instances, rest: [{ item, after: { flow: last[0], id: last[1] } }, ...items.slice(index + 1)] };
    room -= rows.length;
  }
  return { instances, rest: [] };
}

export async function insertUnitUses(
  client: ClickHouseClient,
  step: Step,
  { uses, token }: { uses: readonly UnitUse[]; token: string },
) {
  if (uses.length === 0) return;
  await client.insert({
    table: "leg_unit_uses",
    values: uses.map(({ item, flow, instanceId, site, domain }) => ({
      item,
      flow,
      instance_id: instanceId,
      batch: step.batch,
      site,
      domain,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token },
  });
}
