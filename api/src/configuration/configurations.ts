import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { AppError } from "@throughline/schemas/error";
import {
  type KeptPack,
  listConfigurationEntries,
  toConfigurationVersion,
} from "@throughline/schemas/pack/configuration-entries";
import { flow, sourceRule } from "@throughline/schemas/pack/flow";
import { interfaceDefinition } from "@throughline/schemas/pack/interface";
import { slo } from "@throughline/schemas/pack/slo";
import type { z } from "zod";
import { createFeedRules, type FeedRule } from "../projections/feeds/feed-rule.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { findConfigurationVersion, listConfiguration, type StoredEntry } from "../queries/list-configuration.ts";
import type { LegClock } from "../queries/leg-row.ts";
import { toMoment } from "../queries/time-range.ts";

/** What was agreed, of the present or of an earlier moment. */
export interface Configuration extends KeptPack {
  workingTimes: LegClock["workingTimes"];
  /** The rule of a source. */
  ruleOf: (source: string) => FeedRule;
}

export interface Configurations {
  present: Configuration;
  /**
   * The configuration in force at `asOf`; that of the present without one, and where none was ever kept. Throws
   * `invalid_request` for a moment of which none is known.
   */
  get(asker: Asker, asOf: string | undefined): Promise<Configuration>;
  /** The same, but undefined for a moment of which none is known. */
  find(asker: Asker, asOf: string | undefined): Promise<Configuration | undefined>;
}

/** Most earlier configurations that are kept ready. */
const MAX_READY = 8;

/** Answers by the present configuration, and by those that towers on this store had loaded before. */
export function createConfigurations(of: { reader: StoreReader; pack: KeptPack; now: () => number }): Configurations {
  const { reader, pack, now } = of;
  const present = toConfiguration(pack);
  const ready = new Map([[toConfigurationVersion(listConfigurationEntries(pack)), present]]);
  const look = async (asker: Asker, asOf: string | undefined) => {
    if (asOf === undefined) return { found: present, firstMs: undefined };
    const atMs = toMoment(asOf, now);
    const { firstMs, version } = await findConfigurationVersion(reader, asker, atMs);
    if (firstMs === undefined) return { found: present, firstMs };
    if (atMs < firstMs) return { found: undefined, firstMs };
    const known = ready.get(version);
    if (known !== undefined) return { found: known, firstMs };
    const found = toConfiguration(parseConfiguration(await listConfiguration(reader, asker, atMs)));
    if (ready.size > MAX_READY) for (const old of [...ready.keys()].slice(1, 2)) ready.delete(old);
    ready.set(version, found);
    return { found, firstMs };
  };
  return {
    present,
    find: async (asker, asOf) => (await look(asker, asOf)).found,
    get: async (asker, asOf) => {
      const { found, firstMs } = await look(asker, asOf);
      if (found !== undefined) return found;
      const text = new Date(firstMs ?? 0).toISOString();
      throw refuse(
        `What was configured is not known before ${text}.`,
        `must be ${text} or later: it is kept since then`,
      );
    },
  };
}

function toConfiguration(pack: KeptPack): Configuration {
  const workingTimes = createWorkingTimes(pack.calendars);
  const { sources, slos, interfaces, calendars, flows } = pack;
  const ruleOf = createFeedRules(sources, workingTimes);
  return { sources, slos, interfaces, calendars, flows, workingTimes, ruleOf };
}

function parseConfiguration(entries: readonly StoredEntry[]): KeptPack {
  const read = <Entry extends z.ZodType>(kind: string, entry: Entry) =>
    entries.filter((stored) => stored.kind === kind).map(({ body }) => parseBody(entry, body));
  return {
    sources: read("source", sourceRule),
    slos: read("slo", slo),
    interfaces: new Map(read("interface", interfaceDefinition).map((entry) => [entry.id, entry])),
    calendars: new Map(read("calendar", calendar).map((entry) => [entry.id, entry])),
    flows: new Map(read("flow", flow).map((entry) => [entry.id, entry])),
  };
}

function parseBody<Entry extends z.ZodType>(entry: Entry, body: string): z.output<Entry> {
  const parsed = entry.safeParse(JSON.parse(body));
  if (parsed.success) return parsed.data;
  throw refuse(
    "What was configured then was stored by a release that this one does not know.",
    "must be a moment of which this release can read the configuration",
  );
}

function refuse(message: string, issue: string): AppError {
  return new AppError("invalid_request", message, { issues: [{ path: "/query/asOf", message: issue }] });
}
