import { createHash } from "node:crypto";
import { join } from "node:path";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { Logger } from "pino";
import type { EdgeInterface } from "../config/edge-config.ts";
import type { RunningSource } from "../sources/source.ts";
import { toDurationMs } from "./duration-ms.ts";
import { type IntakeCounts, createIntake, toDraft } from "./intake.ts";
import type { EdgeParts } from "./edge-parts.ts";
import { startSource } from "./start-source.ts";

/** An interface that is watched. */
export interface RunningInterface {
  config: EdgeInterface;
  counts: () => IntakeCounts;
  completeAt: () => number | undefined;
  failure: () => string | undefined;
  stop: () => Promise<void>;
}

/** Starts to read an interface and to say that it is alive. Throws `invalid_configuration` when its mappings are not there. */
export async function startInterface(config: EdgeInterface, parts: EdgeParts): Promise<RunningInterface> {
  const logger = parts.logger.child({ interface: config.id });
  const stopping = new AbortController();
  const intake = createIntake({
    ...parts,
    config,
    signal: stopping.signal,
    append: (events) => parts.spool.append(events.map(toDraft)),
    keep: (documents) =>
      parts.kept.append(
        documents.map((document) => ({
          toText: () => JSON.stringify({ at: new Date(parts.now()).toISOString(), interface: config.id, ...document }),
        })),
      ),
  });
  const source = await startSource(config.from, {
    take: intake.take,
    directory: join(parts.directory, "interfaces", config.id),
    logger,
    now: parts.now,
  });
  const stopHeartbeats = startHeartbeats({ config, source, intake, parts, logger });
  return {
    config,
    counts: intake.counts,
    completeAt: source.completeAt,
    failure: source.failure,
    stop: async () => {
      stopHeartbeats();
      stopping.abort();
      await source.stop();
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
  intake: ReturnType<typeof createIntake>;
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
      window_events: counts.events - last.events,
      window_findings: counts.findings - last.findings,
      window_unmapped: counts.unmapped - last.unmapped,
      ...(skew !== undefined && { clock_offset_ms: skew.offsetMs, clock_error_ms: skew.errorMs }),
    };
    last = counts;
    const events = [...intake.sources()].map((name) => ({
      specversion: "1.0" as const,
      id: `heartbeat-${createHash("sha256").update(`${config.id}/${now}`).digest("hex").slice(0, 24)}`,
      source: name,
      type: HEARTBEAT_TYPE,
      time: new Date(now).toISOString(),
      data: { attributes: { ...attributes, events: parts.spool.sequences()[name] ?? 0 } },
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
