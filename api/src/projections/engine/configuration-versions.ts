import type { ClickHouseClient } from "@clickhouse/client";
import {
  type ConfigurationEntry,
  type KeptPack,
  listConfigurationEntries,
  toConfigurationVersion,
} from "@throughline/schemas/pack/configuration-entries";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import { readRows } from "./read-rows.ts";

const standingRow = z.tuple([z.string(), z.string(), z.number(), z.string(), z.int(), z.int()]);

/** An entry as the store has it now. */
interface Standing extends Pick<ConfigurationEntry, "version" | "place"> {
  kind: string;
  id: string;
  since: number;
}

/**
 * Appends what a pack has otherwise than the newest stored configuration, and what it has no more, as being in force from
 * `now` on; nothing where it says the same. It is one insert under a token made of what was stored before, so that several
 * processes that load the same pack at once agree on the first.
 */
export async function recordConfiguration(client: ClickHouseClient, pack: KeptPack, now: number) {
  const stored = await listStanding(client);
  const entries = listConfigurationEntries(pack);
  const whole = stored.find(({ kind }) => kind === "pack");
  const version = toConfigurationVersion(entries);
  if (whole?.version === version) return;
  const before = whole?.since ?? 0;
  const since = toTimestamp(Math.max(now, before + 1));
  const gone = listGone(stored, entries).map(({ kind, id }) => ({ kind, id, version: "", place: 0, body: "" }));
  const values = [
    { kind: "pack", id: "", version, place: 0, body: "", since, is_removed: 0 },
    ...listChanged(stored, entries).map((entry) => ({ ...entry, since, is_removed: 0 })),
    ...gone.map((entry) => ({ ...entry, since, is_removed: 1 })),
  ];
  await client.insert({
    table: "configuration_versions",
    values,
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: `configuration:${before}` },
  });
}

async function listStanding(client: ClickHouseClient): Promise<Standing[]> {
  const rows = await readRows(client, standingRow, {
    caller: "projector.configuration-versions",
    sql: `SELECT kind, id, toUnixTimestamp64Milli(since) AS since_ms, version, place, is_removed
      FROM configuration_versions ORDER BY kind, id, since_ms DESC LIMIT 1 BY kind, id LIMIT 100000`,
  });
  return rows.flatMap(([kind, id, since, version, place, isRemoved]) =>
    isRemoved === 1 ? [] : [{ kind, id, since, version, place }],
  );
}

function listChanged(stored: readonly Standing[], entries: readonly ConfigurationEntry[]): ConfigurationEntry[] {
  const known = new Map(stored.map((entry) => [toKey(entry), entry]));
  return entries.filter((entry) => {
    const old = known.get(toKey(entry));
    return old?.version !== entry.version || old.place !== entry.place;
  });
}

function listGone(stored: readonly Standing[], entries: readonly ConfigurationEntry[]): Standing[] {
  const present = new Set(entries.map(toKey));
  return stored.filter((entry) => entry.kind !== "pack" && !present.has(toKey(entry)));
}

function toKey({ kind, id }: Pick<Standing, "kind" | "id">): string {
  return `${kind} ${id}`;
}
