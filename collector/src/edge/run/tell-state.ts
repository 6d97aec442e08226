import { createHash } from "node:crypto";
import type { Event } from "@throughline/schemas/event";
import { EDGE_STATE_TYPE, type EdgeState } from "@throughline/schemas/way-back/edge-state";
import { writeRedaction } from "@throughline/schemas/way-back/redaction-counts";
import type { Logger } from "pino";
import type { EdgeConfig } from "../config/edge-config.ts";
import { toReason } from "../sources/to-reason.ts";
import type { Spool } from "../spool/open-spool.ts";
import { toDurationMs } from "./duration-ms.ts";
import type { EdgeStatus } from "./edge-status.ts";
import { toDraft } from "./to-draft.ts";

interface Telling {
  settings: NonNullable<EdgeConfig["wayBack"]>;
  /** Of this software. */
  release: string;
  /** What is in force of its own configuration, and since when. */
  configuration: () => { config: EdgeConfig; since: number; isRefused: boolean };
  status: () => EdgeStatus;
  spool: Pick<Spool, "append">;
  logger: Logger;
  now: () => number;
}

/** Says how this edge is, at once and then again and again, until the returned function is called. */
export function startTellingState(telling: Telling): () => Promise<void> {
  const { settings, spool, logger, now } = telling;
  const startedAt = now();
  let saying: Promise<void> = Promise.resolve();
  const say = () => {
    saying = saying
      .then(() => spool.append([toDraft(toStateEvent(telling, { at: now(), startedAt }))]))
      .catch((error: unknown) => logger.warn({ reason: toReason(error) }, "How this edge is could not be said"));
  };
  say();
  const timer = setInterval(say, toDurationMs(settings.stateEvery));
  return async () => {
    clearInterval(timer);
    await saying;
  };
}

function toStateEvent(telling: Telling, times: { at: number; startedAt: number }): Event {
  const { name, site } = telling.settings;
  const at = new Date(times.at).toISOString();
  const hash = createHash("sha256")
    .update(JSON.stringify([name, at]))
    .digest("hex")
    .slice(0, 24);
  return {
    specversion: "1.0",
    id: `state-${hash}`,
    source: `/edges/${name}`,
    type: EDGE_STATE_TYPE,
    time: at,
    ...(site !== undefined && { site }),
    data: { attributes: toAttributes(telling, times.startedAt) },
  };
}

const MAX_NAMES = 200;

function toAttributes({ settings, release, configuration, status }: Telling, startedAt: number): EdgeState {
  const { problems, spool, kept, clock, interfaces, waiting, wayBack } = status();
  const { config, since, isRefused } = configuration();
  const complete = interfaces.flatMap(({ completeAt }) => (completeAt === undefined ? [] : [completeAt])).toSorted();
  return {
    edge: settings.name,
    release,
    started_at: new Date(startedAt).toISOString(),
    every_ms: toDurationMs(settings.stateEvery),
    version: wayBack?.version ?? 0,
    applied_at: wayBack?.appliedAt ?? "",
    heard_at: wayBack?.heardAt ?? "",
    crosswalks: wayBack?.parts.crosswalks ?? "",
    mappings: wayBack?.parts.mappings ?? "",
    takes_mappings: settings.mappings,
    configuration: createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 32),
    configured_at: new Date(since).toISOString(),
    configuration_refused: isRefused,
    complete_to: complete[0] ?? "",
    spool_bytes: spool.sizeBytes,
    spool_max_bytes: spool.maxBytes,
    spool_events: spool.waitingEntries,
    kept,
    waiting: waiting.documents,
    clock_offset_ms: clock?.offsetMs ?? null,
    clock_error_ms: clock?.errorMs ?? null,
    interfaces: interfaces.slice(0, MAX_NAMES).map(({ id }) => id),
    failing: interfaces
      .filter(({ failure }) => failure !== undefined)
      .map(({ id }) => id)
      .slice(0, MAX_NAMES),
    redacted: interfaces.slice(0, MAX_NAMES).map(({ id, redacted }) => writeRedaction(id, redacted)),
    problems: problems.length,
  };
}
