import { isDeepStrictEqual } from "node:util";
import { AppError } from "@throughline/schemas/error";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { Logger } from "pino";
import type { EdgeConfig } from "../config/edge-config.ts";
import { startTakingOver } from "../jobs/take-over.ts";
import { createResentCount } from "../kept/resent-file.ts";
import type { EdgeParts } from "./edge-parts.ts";
import { createEdgeInterfaces } from "./edge-interfaces.ts";
import { type EdgeStatus, findProblems } from "./edge-status.ts";
import { openEdgeParts } from "./open-edge-parts.ts";
import { serveStatus } from "./serve-status.ts";
import { startTellingState } from "./tell-state.ts";

export interface Edge {
  /** Where `/status`, `/healthz` and `/metrics` answer. */
  url: string;
  status: () => EdgeStatus;
  /** Takes a changed configuration: interfaces that changed start anew. Throws, and the old one goes on, when it cannot be taken. */
  reload: (config: EdgeConfig, pack: DocumentPack) => Promise<void>;
  /** Says in the status why a changed configuration was not taken; undefined: it was. */
  noteRejected: (reason: string | undefined) => void;
  stop: () => Promise<void>;
}

/** Reads what its configuration names, and takes the events to the gateway, until it is stopped. Throws what keeps it from starting. */
export async function startEdge(options: {
  config: EdgeConfig;
  pack: DocumentPack;
  /** Of this software, for who looks after edges; empty unless given. */
  release?: string;
  logger: Logger;
  now: () => number;
}): Promise<Edge> {
  const { logger, release = "", now } = options;
  let { config } = options;
  let configuredAt = now();
  let rejected: string | undefined;
  const opened = await openEdgeParts(options);
  const { parts, wayBack } = opened;
  const { directory } = config.spool;
  const interfaces = createEdgeInterfaces(parts, { wayBack, first: options });
  const countResent = createResentCount(directory);
  const jobs =
    config.jobs && (await startTakingOver({ ...parts, directory: config.jobs.directory, keep: keepText(parts) }));
  const status = (): EdgeStatus => {
    const shown = {
      ...opened.describe(),
      kept: Math.max(0, parts.kept.state().waitingEntries - countResent()),
      interfaces: interfaces.describe(),
      jobs: jobs?.state(),
    };
    return { problems: findProblems(shown, { warnAtPercent: config.spool.warnAtPercent, rejected }), ...shown };
  };
  const stopWarnings = warnOfBound(() => parts.spool.state(), { percent: () => config.spool.warnAtPercent, logger });
  let stopTelling: (() => Promise<void>) | undefined;
  const stop = async () => {
    stopWarnings();
    await stopTelling?.();
    await jobs?.stop();
    await wayBack.stop();
    await interfaces.stop();
    await opened.close();
  };
  try {
    await interfaces.start();
    const server = await serveStatus(config.listen, status);
    const configuration = () => ({ config, since: configuredAt, isRefused: rejected !== undefined });
    const settings = config.wayBack;
    stopTelling = settings && startTellingState({ ...parts, settings, release, configuration, status });
    return {
      url: server.url,
      status,
      reload: async (changed, pack) => {
        refuseFixed(config, changed);
        await interfaces.change(changed, pack);
        config = changed;
        configuredAt = now();
      },
      noteRejected: (reason) => void (rejected = reason),
      stop: () => server.stop().then(stop),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Keeps for a person what is no document of an interface. */
function keepText({ kept, now }: Pick<EdgeParts, "kept" | "now">) {
  return (refused: { text: string; reason: string }) =>
    kept.append([{ toText: () => JSON.stringify({ at: new Date(now()).toISOString(), class: "job", ...refused }) }]);
}

/** What only a new start can change. */
function refuseFixed(config: EdgeConfig, changed: EdgeConfig): void {
  const fixed = ({ gateway, jobs, listen, redaction, spool, wayBack }: EdgeConfig) => [
    gateway,
    jobs,
    listen,
    redaction,
    wayBack,
    { ...spool, warnAtPercent: 0 },
  ];
  if (!isDeepStrictEqual(fixed(config), fixed(changed)))
    throw new AppError(
      "invalid_configuration",
      "gateway, spool, redaction, jobs, wayBack and listen change with a new start only.",
    );
}

const LOOK_MS = 5000;

/** Says once that the bound comes near, and once that it went. */
function warnOfBound(
  read: () => { sizeBytes: number; maxBytes: number },
  { percent, logger }: { percent: () => number; logger: Logger },
): () => void {
  let isNear = false;
  const timer = setInterval(() => {
    const { sizeBytes, maxBytes } = read();
    const was = isNear;
    isNear = sizeBytes * 100 >= maxBytes * percent();
    if (isNear && !was) logger.warn({ sizeBytes, maxBytes }, "The spool comes near its bound");
    if (was && !isNear) logger.info({ sizeBytes, maxBytes }, "The spool has room again");
  }, LOOK_MS);
  return () => clearInterval(timer);
}
