import { createHash } from "node:crypto";
import { join } from "node:path";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { Logger } from "pino";
import type { EdgeInterface } from "../config/edge-config.ts";
import type { RunningSource } from "../sources/source.ts";
import { openRaw } from "../raw/open-raw.ts";
import { toDurationMs } from "./duration-ms.ts";
import { type Intake, type IntakeCounts, createIntake } from "./intake.ts";
import type { WindowTotals } from "./control-totals.ts";
import { createLiveCrosswalks } from "../way-back/tower-crosswalks.ts";
import type { EdgeParts } from "./edge-parts.ts";
import { startSource } from "./start-source.ts";
import { toDraft } from "./to-draft.ts";
import { toWaitingInterface } from "../waiting/to-waiting-interface.ts";

/** An interface that is watched. */
export interface RunningInterface {
  config: EdgeInterface;
  counts: () => IntakeCounts;
  redacted: Intake["redacted"];
  completeAt: () => number | undefined;
  failure: () => string | undefined;
  stop: () => Promise<void>;
}

/** Starts to read an interface and to say that it is alive. Throws `invalid_configuration` when its mappings are not there. */
export async function startInterface(config: EdgeInterface, parts: EdgeParts): Promise<RunningInterface> {
  const logger = parts.logger.child({ interface: config.id });
  const stopping = new AbortController();
  const raw = await openRaw(config, parts);
  const crosswalks = createLiveCrosswalks(parts.pack.crosswalks, parts.towerCrosswalks, config.id);
  const intake = createIntake({
    ...parts,
    config,
    raw,
    crosswalks,
    hold: (documents) => parts.waiting.hold(config.id, documents),
    noteUses: (records) => parts.waiting.noteUses(config.id, records),
    signal: stopping.signal,
    append: (events) => parts.spool.append(events.map(toDraft)),
    keep: (documents) =>
      parts.kept.append(
        documents.map((document) => ({
          toText: () => JSON.stringify({ at: new Date(parts.now()).toISOString(), interface: config.id, ...document }),
        })),
      ),
  });
  const forgetWaiting = parts.waiting.register(config.id, toWaitingInterface(config, parts, crosswalks));
  const source = await startSource(config.from, {
    take: (unit) => intake.take([unit]),
    takeAll: intake.take,
    directory: join(parts.directory, "interfaces", config.id),
    logger,
    now: parts.now,
  }).catch(async (error: unknown) => {
    forgetWaiting();
    await raw?.close();
    throw error;
  });
  const stopHeartbeats = startHeartbeats({ config, source, intake, parts, logger });
  return {
    config,
    counts: intake.counts,
    redacted: intake.redacted,
    completeAt: source.completeAt,
    failure: source.failure,
    stop: async () => {
      stopHeartbeats();
      stopping.abort();
      await source.stop();
      forgetWaiting();
      await raw?.close();
    },
  };
}

/**
 * Every source that the interface has spoken for says how far it is complete, and what the interface took since the last time. A
 * heartbeat stands behind the events that it vouches for, in the same line.
 */
function startHeartbeats(own: {
  config: EdgeInterface;
  source: RunningSource;
  intake: Intake;
  parts: EdgeParts;
  logger: Logger;
}): () => void {
  const { config, source, intake, parts, logger } = own;
  let last = intake.counts();
  let reachedAt = 0;
  const beat = async () => {
    const now = parts.now();
    const counts = intake.counts();
    const completeAt = source.completeAt();
    if (completeAt !== undefined) reachedAt = Math.max(reachedAt, completeAt - toDurationMs(config.lag));
    const skew = parts.skew();
    const attributes = {
      ...(reachedAt > 0 && { watermark: new Date(reachedAt).toISOString() }),
      interface: config.id,
      queued: parts.spool.state().waitingEntries,
      window_documents: counts.documents - last.documents,
      window_findings: counts.findings - last.findings,
      window_unmapped: counts.unmapped - last.unmapped,
      ...(skew !== undefined && { clock_offset_ms: skew.offsetMs, clock_error_ms: skew.errorMs }),
    };
    last = counts;
    const totals = intake.takeTotals();
    const events = [...intake.sources()].map((name) => ({
      specversion: "1.0" as const,
      id: `heartbeat-${createHash("sha256").update(`${config.id}/${now}`).digest("hex").slice(0, 24)}`,
      source: name,
      type: HEARTBEAT_TYPE,
      time: new Date(now).toISOString(),
      ...(config.site !== undefined && { site: config.site }),
      data: {
        attributes: { ...attributes, ...toWindow(totals.get(name)), events: parts.spool.sequences()[name] ?? 0 },
      },
    }));
    await parts.spool.append(events.map(toDraft));
  };
  const timer = setInterval(() => {
    beat().catch((error: unknown) =>
      logger.warn({ reason: error instanceof Error ? error.message : "unknown" }, "A heartbeat was not kept"),
    );
  }, toDurationMs(config.heartbeatEvery));
  return () => clearInterval(timer);
}

/** What a source told since its last heartbeat: how many events, and what their measures add up to. */
function toWindow(totals: WindowTotals | undefined) {
  const { events, sums, leftOut } = totals ?? { events: 0, sums: [], leftOut: 0 };
  return {
    window_events: events,
    ...(sums.length > 0 && { window_sums: sums }),
    ...(leftOut > 0 && { window_left_out: leftOut }),
  };
}
