import type { ClickHouseClient } from "@clickhouse/client";
import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import { formatEquation, parseEquation, unitEquation } from "@throughline/schemas/pack/unit-equation";
import { AppError } from "@throughline/schemas/error";
import { type Flow, flow, type Pack } from "@throughline/schemas/pack/flow";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import type { FlowVersion } from "../legs/eras.ts";
import { compareUrgency, type FlowModel, toVersionedModel } from "../legs/flow-model.ts";
import { readRows } from "./read-rows.ts";

/** What a version is rebuilt from: the flow, with the calendars that its targets name and the units by which legs end. */
const ruleBody = z.object({ flow, calendars: z.array(calendar), units: unitEquation.array().default([]) });

/** A version of a flow as it is stored. */
export interface RuleVersion extends FlowVersion {
  calendars: z.infer<typeof ruleBody>["calendars"];
  /** As it is stored, to tell versions apart. */
  body: string;
}

/** All versions that each flow has had, oldest first, by the id of the flow. */
export type RuleVersions = ReadonlyMap<string, readonly RuleVersion[]>;

/** Since when the version is in force by which each flow is judged, by the id of the flow. */
export type RulesInForce = Readonly<Record<string, number>>;

const ruleVersionRow = z.tuple([z.string(), z.number(), z.string(), z.string()]);

/** The stored versions. Fails when one of them is not of this release. */
export async function listRuleVersions(client: ClickHouseClient): Promise<RuleVersions> {
  const rows = await readRows(client, ruleVersionRow, {
    caller: "projector.rule-versions",
    sql: `SELECT flow, toUnixTimestamp64Milli(since) AS since_ms, rule_version, body FROM rule_versions
      ORDER BY flow, since_ms LIMIT 1 BY flow, since_ms LIMIT 100000`,
  });
  const versions = rows.map(([id, since, ruleVersion, body]): RuleVersion => {
    const parsed = ruleBody.safeParse(JSON.parse(body));
    if (parsed.success)
      return {
        since,
        ruleVersion,
        body,
        ...parsed.data,
        units: parsed.data.units.flatMap((text) => parseEquation(text) ?? []),
      };
    const message = `The rules ${ruleVersion} of the flow "${id}" were stored by a release that this one does not know.`;
    throw new AppError("store_mismatch", message, { cause: parsed.error });
  });
  return Map.groupBy(versions, ({ flow: { id } }) => id);
}

/**
 * Appends the flows of a pack whose newest stored version is another one, as being in force from `now` on, and returns
 * all versions. Several projectors that load the same pack at once agree on the first.
 */
export async function recordRuleVersions(
  client: ClickHouseClient,
  pack: Pick<Pack, "flows" | "ruleVersions" | "calendars" | "units">,
  now: number,
): Promise<RuleVersions> {
  const known = await listRuleVersions(client);
  const added = [...pack.flows.values()].flatMap((entry) => {
    const newest = known.get(entry.id)?.at(-1);
    const body = canonicalize({ flow: entry, calendars: listCalendars(entry, pack), ...toUnits(entry, pack) });
    const ruleVersion = pack.ruleVersions.get(entry.id) ?? "";
    if (newest?.ruleVersion === ruleVersion && newest.body === body) return [];
    return {
      flow: entry.id,
      since: toTimestamp(Math.max(now, (newest?.since ?? 0) + 1)),
      rule_version: ruleVersion,
      body,
    };
  });
  if (added.length === 0) return known;
  for (const row of added)
    await client.insert({
      table: "rule_versions",
      values: [row],
      format: "JSONEachRow",
      clickhouse_settings: {
        insert_deduplication_token: `rules:${row.flow}:${known.get(row.flow)?.at(-1)?.since ?? 0}`,
      },
    });
  return listRuleVersions(client);
}

/** The newest version of each flow of a pack. */
export function toRulesInForce(versions: RuleVersions, pack: Pick<Pack, "flows">): RulesInForce {
  return Object.fromEntries([...pack.flows.keys()].map((id) => [id, versions.get(id)?.at(-1)?.since ?? 0]));
}

/**
 * The flows as they are judged under the rules in force, the most critical first; later versions are left out. Of a calendar
 * that versions name with other content, the newest counts.
 */
export function toModelsInForce(versions: RuleVersions, inForce: RulesInForce): FlowModel[] {
  const histories = Object.entries(inForce).flatMap(([id, since]) => {
    const [first, ...later] = (versions.get(id) ?? []).filter((version) => version.since <= since);
    return first === undefined ? [] : [{ newest: later.at(-1) ?? first, all: [first, ...later] as const }];
  });
  const calendars = histories
    .flatMap(({ all }) => all)
    .toSorted((a, b) => a.since - b.since)
    .flatMap((version) => version.calendars);
  const workingTimes = createWorkingTimes(new Map(calendars.map((entry) => [entry.id, entry])));
  return histories
    .toSorted((a, b) => compareUrgency(a.newest.flow, b.newest.flow))
    .map(({ all }) => toVersionedModel(all, workingTimes));
}

/** Nothing where no leg ends by quantity, since then no unit decides anything. */
function toUnits({ legs }: Flow, { units }: Pick<Pack, "units">) {
  const isByQuantity = legs.some(({ completion }) => completion !== undefined);
  return isByQuantity && units.length > 0 ? { units: units.map(formatEquation) } : {};
}

function listCalendars(entry: Flow, { calendars }: Pick<Pack, "calendars">) {
  const named = new Set(entry.legs.flatMap(({ targets }) => targets.flatMap((target) => target.calendar ?? [])));
  return [...calendars.values()].filter(({ id }) => named.has(id));
}
