import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { Logger } from "pino";
import type { EdgeConfig, EdgeInterface } from "../config/edge-config.ts";
import { readSecret, readSecretBytes } from "../config/read-secret.ts";
import { createClockSkew } from "../forward/clock-skew.ts";
import { createPostEvents } from "../forward/post-events.ts";
import { startForwarder } from "../forward/start-forwarder.ts";
import { startTakingOver } from "../jobs/take-over.ts";
import { toKeptDirectory } from "../kept/kept-directories.ts";
import { createResentCount } from "../kept/resent-file.ts";
import { openAgingSpool } from "../spool/open-aging-spool.ts";
import { openSpool } from "../spool/open-spool.ts";
import { toDurationMs } from "./duration-ms.ts";
import type { EdgeParts } from "./edge-parts.ts";
import { type EdgeStatus, findProblems } from "./edge-status.ts";
import { readPolicy } from "./redaction-policy.ts";
import { serveStatus } from "./serve-status.ts";
import { type RunningInterface, startInterface } from "./start-interface.ts";

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

const KEPT_SHARE = 10;

/** Reads what its configuration names, and takes the events to the gateway, until it is stopped. Throws what keeps it from starting. */
export async function startEdge(options: {
  config: EdgeConfig;
  pack: DocumentPack;
  logger: Logger;
  now: () => number;
}): Promise<Edge> {
  const { logger, now } = options;
  let { config } = options;
  let rejected: string | undefined;
  const { directory } = config.spool;
  const key = readSecret(config.gateway.keyFile);
  const policy = readPolicy(config);
  const { spool, kept, secret } = await openSpools(config, { logger, now });
  const { forwarder, skew } = startForwarding({ config, key, spool, kept, logger, now });
  const parts: Omit<EdgeParts, "pack"> = { directory, policy, secret, spool, kept, skew, logger, now };
  const interfaces = createInterfaces(parts);
  const countResent = createResentCount(directory);
  const jobs =
    config.jobs && (await startTakingOver({ ...parts, directory: config.jobs.directory, keep: keepText(parts) }));
  const status = (): EdgeStatus => {
    const shown = {
      spool: spool.state(),
      kept: Math.max(0, kept.state().waitingEntries - countResent()),
      forward: forwarder.state(),
      clock: skew(),
      interfaces: interfaces.describe(),
      jobs: jobs?.state(),
    };
    return { problems: findProblems(shown, { warnAtPercent: config.spool.warnAtPercent, rejected }), ...shown };
  };
  const stopWarnings = warnOfBound(() => spool.state(), { percent: () => config.spool.warnAtPercent, logger });
  const stop = async () => {
    stopWarnings();
    await jobs?.stop();
    await interfaces.stop();
    await forwarder.stop();
    await spool.close();
    await kept.close();
  };
  try {
    await interfaces.change(config, options.pack);
    const server = await serveStatus(config.listen, status);
    return {
      url: server.url,
      status,
      reload: async (changed, pack) => {
        refuseFixed(config, changed);
        await interfaces.change(changed, pack);
        config = changed;
      },
      noteRejected: (reason) => void (rejected = reason),
      stop: () => server.stop().then(stop),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What waits for the gateway, and what waits for a person. */
async function openSpools({ spool: config }: EdgeConfig, { logger, now }: { logger: Logger; now: () => number }) {
  const { directory, maxBytes, keyFile, keepFor } = config;
  const secret = readSecretBytes(keyFile);
  const spool = await openSpool({ directory: join(directory, "events"), secret, maxBytes });
  if (spool.lostBytes > 0) logger.warn({ bytes: spool.lostBytes }, "The end of the spool was torn off or damaged");
  const bounds = { maxBytes: Math.ceil(maxBytes / KEPT_SHARE), maxAgeMs: toDurationMs(keepFor) };
  const kept = await openAgingSpool({ directory: toKeptDirectory(directory), secret, ...bounds, now });
  return { spool, kept, secret };
}

function startForwarding(
  parts: Pick<EdgeParts, "spool" | "kept" | "logger" | "now"> & { config: EdgeConfig; key: string },
) {
  const { config, key, spool, kept, logger, now } = parts;
  const skew = createClockSkew();
  const forwarder = startForwarder({
    spool,
    post: createPostEvents({ url: config.gateway.url, key, skew, now }),
    keep: (refused) =>
      kept.append(
        refused.map(({ text, reason }) => ({
          toText: () => JSON.stringify({ at: new Date(now()).toISOString(), class: "refused", reason, event: text }),
        })),
      ),
    now,
    onChange: ({ failure }) =>
      failure === undefined
        ? logger.info("The gateway takes events")
        : logger.warn({ failure }, "The gateway takes nothing"),
  });
  return { forwarder, skew: skew.estimate };
}

/** Keeps for a person what is no document of an interface. */
function keepText({ kept, now }: Pick<EdgeParts, "kept" | "now">) {
  return (refused: { text: string; reason: string }) =>
    kept.append([{ toText: () => JSON.stringify({ at: new Date(now()).toISOString(), class: "job", ...refused }) }]);
}

/** What only a new start can change. */
function refuseFixed(config: EdgeConfig, changed: EdgeConfig): void {
  const fixed = ({ gateway, jobs, listen, redaction, spool }: EdgeConfig) => [
    gateway,
    jobs,
    listen,
    redaction,
    { ...spool, warnAtPercent: 0 },
  ];
  if (!isDeepStrictEqual(fixed(config), fixed(changed)))
    throw new AppError(
      "invalid_configuration",
      "gateway, spool, redaction, jobs and listen change with a new start only.",
    );
}

/** The interfaces that run, changed one by one; when one of the new ones cannot start, the old ones go on. */
function createInterfaces(parts: Omit<EdgeParts, "pack">) {
  const running = new Map<string, RunningInterface>();
  let pack: DocumentPack | undefined;
  return {
    change: async (config: EdgeConfig, changed: DocumentPack) => {
      const isSamePack = isDeepStrictEqual(pack, changed);
      const isKept = (id: string) =>
        isSamePack &&
        isDeepStrictEqual(
          running.get(id)?.config,
          config.interfaces.find((each) => each.id === id),
        );
      const gone = [...running.values()].filter((each) => !isKept(each.config.id));
      const halt = async (interfaces: readonly RunningInterface[]) => {
        for (const each of interfaces) {
          running.delete(each.config.id);
          await each.stop();
        }
      };
      const start = async (each: EdgeInterface, of: DocumentPack) => {
        const started = await startInterface(each, { ...parts, pack: of });
        running.set(each.id, started);
        return started;
      };
      await halt(gone);
      const begun: RunningInterface[] = [];
      try {
        for (const each of config.interfaces) if (!running.has(each.id)) begun.push(await start(each, changed));
        pack = changed;
      } catch (error) {
        await halt(begun);
        if (pack !== undefined) for (const { config: old } of gone) await start(old, pack);
        throw error;
      }
    },
    describe: (): EdgeStatus["interfaces"] =>
      [...running.values()].map(({ config: { id, from }, counts, completeAt, failure }) => {
        const at = completeAt();
        return {
          id,
          kind: from.kind,
          counts: counts(),
          completeAt: at === undefined ? undefined : new Date(at).toISOString(),
          failure: failure(),
        };
      }),
    stop: async () => {
      await Promise.all([...running.values()].map((each) => each.stop()));
      running.clear();
    },
  };
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
