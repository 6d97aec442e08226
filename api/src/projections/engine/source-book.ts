import type { ClickHouseClient } from "@clickhouse/client";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { SourceRule } from "@throughline/schemas/pack/flow";
import { z } from "zod";
import type { Fact } from "../fact.ts";
import { toMilliseconds } from "../legs/duration.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import type { Watermark } from "../legs/leg-state.ts";
import { readRows } from "./read-rows.ts";

const DEFAULT_LAG_MS = 300_000;
const NEVER = 0;

interface SourceEntry {
  watermarkAt: number;
  isComplete: boolean;
  types: Set<string>;
}

/** What a heartbeat says: everything of the source with an event time before `watermarkAt` has been sent. */
export interface Heartbeat {
  watermarkAt: number | undefined;
  isComplete: boolean;
}

/** What is known of the sources: what they send, and up to when they are complete. */
export interface SourceBook {
  observe: (fact: Fact) => void;
  /** Up to when a milestone is complete: the least over the sources that send its events. Never passes `now`. */
  watermarkOf: (model: FlowModel, milestone: string, now: number) => Watermark;
  /** Up to when one source is complete. */
  sourceWatermark: (source: string, now: number) => number;
}

const stateRow = z.tuple([z.string(), z.number().nullable(), z.number(), z.array(z.string())]);

export async function openSourceBook(client: ClickHouseClient, rules: readonly SourceRule[]): Promise<SourceBook> {
  const rows = await readRows(client, stateRow, {
    caller: "projector.sources",
    sql: `SELECT source, max(toUnixTimestamp64Milli(watermark_at)), max(is_complete), groupUniqArrayArray(types)
      FROM source_states GROUP BY source LIMIT 100000`,
  });
  return createSourceBook(
    rules,
    rows.map(([source, watermarkAt, isComplete, types]) => ({
      source,
      watermarkAt: watermarkAt ?? NEVER,
      isComplete: isComplete === 1,
      types: new Set(types),
    })),
  );
}

export function createSourceBook(
  rules: readonly SourceRule[],
  known: readonly (SourceEntry & { source: string })[] = [],
): SourceBook {
  const sources = new Map<string, SourceEntry>();
  const sourcesOfType = new Map<string, Set<string>>();
  const addType = (source: string, type: string) => {
    const senders = sourcesOfType.get(type) ?? new Set();
    sourcesOfType.set(type, senders.add(source));
  };
  for (const { source, ...entry } of known) {
    sources.set(source, entry);
    for (const type of entry.types) addType(source, type);
  }
  const toWatermark = (source: string, now: number): Watermark => {
    const entry = sources.get(source);
    if (entry?.isComplete) return { source, at: now, lagMs: 0 };
    const rule = findRule(rules, source);
    if (rule?.watermark === "heartbeat")
      return { source, at: Math.min(entry?.watermarkAt ?? NEVER, now), lagMs: undefined };
    const lagMs = rule === undefined ? DEFAULT_LAG_MS : toMilliseconds(rule.lag);
    return { source, at: now - lagMs, lagMs };
  };
  return {
    observe: (fact) => {
      const entry = sources.get(fact.source) ?? { watermarkAt: NEVER, isComplete: false, types: new Set() };
      sources.set(fact.source, entry);
      const heartbeat = readHeartbeat(fact);
      if (heartbeat) {
        entry.watermarkAt = Math.max(entry.watermarkAt, heartbeat.watermarkAt ?? NEVER);
        entry.isComplete ||= heartbeat.isComplete;
      } else if (!entry.types.has(fact.type)) {
        entry.types.add(fact.type);
        addType(fact.source, fact.type);
      }
    },
    watermarkOf: (model, milestone, now) => {
      const events = model.milestones.find(({ id }) => id === milestone)?.events ?? [];
      const senders = new Set(events.flatMap(({ type }) => [...(sourcesOfType.get(type) ?? [])]));
      const watermarks = [...senders].map((source) => toWatermark(source, now));
      const least = watermarks.toSorted((a, b) => a.at - b.at || (a.source < b.source ? -1 : 1))[0];
      return least ?? { source: "", at: now - DEFAULT_LAG_MS, lagMs: DEFAULT_LAG_MS };
    },
    sourceWatermark: (source, now) => toWatermark(source, now).at,
  };
}

/** Reads a heartbeat; undefined for any other event. */
export function readHeartbeat(fact: Fact): Heartbeat | undefined {
  if (fact.type !== HEARTBEAT_TYPE) return undefined;
  const { watermark, complete } = fact.attributes;
  const watermarkAt = typeof watermark === "string" ? Date.parse(watermark) : Number.NaN;
  return { watermarkAt: Number.isNaN(watermarkAt) ? undefined : watermarkAt, isComplete: complete === true };
}

function findRule(rules: readonly SourceRule[], source: string): SourceRule | undefined {
  return rules.find((rule) =>
    rule.source.endsWith("*") ? source.startsWith(rule.source.slice(0, -1)) : rule.source === source,
  );
}
