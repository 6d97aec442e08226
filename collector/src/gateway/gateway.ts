import { once } from "node:events";
import type { Server } from "node:http";
import type { Principal } from "@throughline/schemas/access";
import type { StoreConnection } from "@throughline/schemas/clickhouse/store";
import { AppError } from "@throughline/schemas/error";
import type { Logger } from "pino";
import type { Hook } from "./hooks/read-hooks.ts";
import { openEventLog } from "./log/event-log.ts";
import { type GatewayMetrics, createGatewayMetrics } from "./metrics.ts";
import { createByteBudget } from "./receive/byte-budget.ts";
import { GATEWAY_LIMITS, type GatewayLimits } from "./receive/limits.ts";
import { createHealthPages } from "./receive/health.ts";
import type { Intake } from "./receive/intake.ts";
import type { DocumentRules } from "./receive/document-request.ts";
import { createIntakeRoutes } from "./receive/routes.ts";
import { createGatewayServer } from "./receive/server.ts";
import { createWayBack, type WayBackParts } from "./way-back/way-back.ts";
import { createWayBackPages } from "./way-back/way-back-routes.ts";
import { type WriteProgress, createWriteProgress } from "./write-progress.ts";
import type { BatchBounds } from "./write/batch-journal.ts";
import { type WriterListener, startWriterThread } from "./write/writer-handle.ts";

export interface GatewayOptions {
  host: string;
  /** 0 chooses a free one. */
  port: number;
  /** Folder of the write-ahead log; one gateway alone may use it. */
  directory: string;
  connection: StoreConnection;
  /** Who sends with this key; undefined when it is not known. */
  authenticate: (bearer: string) => Promise<Principal | undefined>;
  logger: Logger;
  limits?: Partial<GatewayLimits>;
  /** Types of objects that configuration declares; events that name others are refused. Any, unless it is given. */
  objectTypes?: ReadonlySet<string>;
  /** What native documents mean, and which formats are taken; without it none are. */
  documents?: DocumentRules;
  /** Webhooks of others that are taken; none unless given. */
  hooks?: readonly Hook[];
  /** What edges are told when they ask; without it nothing is. */
  wayBack?: WayBackParts;
  /** The clock, in milliseconds since 1970. */
  now?: () => number;
}

export interface Gateway {
  url: string;
  port: number;
  /** Name of its log, as in the column `log` of what it writes. */
  log: string;
  /** Answers what it has taken in and ends; what the store has not yet is written after the next start. */
  stop(): Promise<void>;
}

const STOP_GRACE_MS = 10_000;
const IDLE_CHECK_MS = 20;

/**
 * Takes events, spans and logs in over HTTP, acknowledges them when they are on disk, and writes them into the store from
 * there. It starts and takes in also while the store is away.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { logger, directory, connection, now = Date.now } = options;
  const limits = { ...GATEWAY_LIMITS, ...options.limits };
  const progress = createWriteProgress(logger);
  const budget = createByteBudget(limits.waitingBytes);
  const metrics = createGatewayMetrics({
    logBytes: () => log.state().sizeBytes,
    waitingBytes: () => budget.usedBytes() + log.state().waitingBytes,
    oldestUnwrittenSeconds: () => progress.oldestUnwrittenSeconds(),
  });
  const log = await openEventLog({
    directory,
    maxBytes: limits.logBytes,
    onDurable: (end) => {
      progress.durable(end);
      writer.extend(end);
    },
    onSync: (durationMs) => metrics.syncSeconds.observe(durationMs / 1000),
  });
  const release = (bounds: BatchBounds) => {
    progress.committed(bounds);
    log
      .removeBefore(bounds.segment)
      .catch((error: unknown) => logger.warn({ err: error }, "A segment was not removed"));
  };
  const writer = startWriterThread(
    {
      directory,
      log: log.id,
      connection,
      limits: { rows: limits.batchRows, bytes: limits.batchBytes, lingerMs: limits.lingerMs },
    },
    createWriterListener({ progress, metrics, release }),
  );
  progress.durable(log.end());
  writer.extend(log.end());
  const intake: Intake = { log, limits, metrics, objectTypes: options.objectTypes, now };
  const pages = createHealthPages({ log, metrics, progress });
  const routes = createIntakeRoutes({ documents: options.documents, hooks: options.hooks ?? [], now });
  const senderPages = createWayBackPages(options.wayBack && createWayBack(options.wayBack));
  const { authenticate } = options;
  const server = createGatewayServer({ intake, authenticate, budget, logger, pages, senderPages, routes });
  const close = async () => {
    await closeServer(server);
    await writer.stop(progress.trouble() === undefined ? STOP_GRACE_MS : 0);
    await log.close();
  };
  try {
    const port = await listen(server, options);
    return { url: `http://${toUrlHost(options.host)}:${port}`, port, log: log.id, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createWriterListener(to: {
  progress: WriteProgress;
  metrics: GatewayMetrics;
  release: (bounds: BatchBounds) => void;
}): WriterListener {
  const { progress, metrics, release } = to;
  return {
    onResumed: release,
    onCommitted: (bounds, counts) => {
      release(bounds);
      metrics.batches.inc();
      for (const [kind, count] of Object.entries(counts)) metrics.rows.inc({ kind }, count);
    },
    onFailedAttempt: (failure) => {
      progress.failed(failure);
      metrics.insertFailures.inc({ passing: String(failure.isPassing) });
    },
    onRepaired: ({ batch }, table) => {
      metrics.repairs.inc({ table });
      progress.repaired(batch, table);
    },
    onEnded: (reason) => progress.ended(reason),
  };
}

async function listen(server: Server, { host, port }: GatewayOptions): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new AppError("internal", "The gateway has no port.");
  return address.port;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const all = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(all);
}

function toUrlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
