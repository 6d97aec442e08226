import { type ServerType, serve } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { ADMINISTRATOR } from "@throughline/schemas/access";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import type { KeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { createReader, createWriter, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { AppError } from "@throughline/schemas/error";
import type { Pack } from "@throughline/schemas/pack/flow";
import { createOutgoingClient } from "@throughline/schemas/outgoing/outgoing-client";
import type { AllowedAddresses } from "@throughline/schemas/outgoing/vet-address";
import type { Logger } from "pino";
import { createAppendRows } from "./actions/append-rows.ts";
import { createAudit } from "./actions/record-audit.ts";
import { createCheckpointStore } from "./actions/store-checkpoint.ts";
import { createStoreConfirmation } from "./actions/store-confirmation.ts";
import { createStoreMatchAct } from "./actions/store-match-act.ts";
import { createStoreExcuse } from "./actions/store-excuse.ts";
import { createApp } from "./app.ts";
import { createConfigurations } from "./configuration/configurations.ts";
import { addDeadManMetrics, type DeadMan, type DeadManOptions, startDeadMan } from "./deadman/dead-man.ts";
import { examineTower } from "./deadman/examine-tower.ts";
import { createBlindFinder, createSeeingReader } from "./blindness/seeing-reader.ts";
import { createFailureLimit } from "./http/failure-limit.ts";
import { addLagMetrics, createMetrics } from "./http/metrics.ts";
import { createNoticeHub } from "./http/notice-hub.ts";
import { createSessions } from "./http/sessions.ts";
import { createFlowLinks } from "./journeys/flow-links.ts";
import { createMilestoneFinder } from "./journeys/milestones.ts";
import { createStoreReader } from "./queries/ask.ts";
import { findProjectionLag, PROJECTORS, type ProjectorName } from "./queries/find-projection-lag.ts";
import { listChanges } from "./queries/list-changes.ts";

export interface ApiOptions {
  host: string;
  /** 0 for a free one. */
  port: number;
  connection: StoreConnection;
  pack: Pack;
  keys: KeyDirectory;
  /** Folder of the built pages; without it only the API is served. */
  uiDirectory?: string;
  logger: Logger;
  /** Whether matches and reconciliations are kept, so that how far they are is shown; true unless given. */
  hasReconciler?: boolean;
  /** Who is told that the tower is well; nobody unless given. */
  deadMan?: DeadManOptions & { gatewayUrl: string; allowed: AllowedAddresses };
  now?: () => number;
}

/** A listening API. */
export interface RunningApi {
  url: string;
  /** A link that signs an administrator in, once, within 15 minutes. */
  createSignInLink(): string;
  /** Stops taking requests, ends the open streams and waits for what is being answered. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 5000;

/** Starts to listen. Throws `unavailable` when the port is taken. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { connection, keys, pack, logger, hasReconciler = true, now = Date.now } = options;
  const readerClient = createReader(connection);
  const writerClient = createWriter(connection);
  const plainReader = createStoreReader(readerClient);
  const reader = createSeeingReader(plainReader, { finder: createBlindFinder(plainReader, pack), now });
  const sessions = createSessions(now);
  const exports = { running: 0 };
  const notices = createNoticeHub({
    listChanges: (since) => listChanges(reader, since),
    now,
    onError: (error) => logger.warn({ err: error }, "Changes could not be read"),
  });
  let deadMan: DeadMan | undefined;
  const metrics = createMetrics({ streams: notices.listeners, exports: () => exports.running });
  const projectors: readonly ProjectorName[] = hasReconciler ? PROJECTORS : ["legs"];
  addLagMetrics(metrics.registry, projectors, createLagFinder(plainReader, now));
  const findAddress = (c: Parameters<typeof getConnInfo>[0]) => getConnInfo(c).remote.address ?? "";
  const app = createApp(
    {
      reader,
      pack,
      links: createFlowLinks(pack),
      findMilestones: createMilestoneFinder(pack),
      workingTimes: createWorkingTimes(pack.calendars),
      configurations: createConfigurations({ reader, pack, now }),
      keys,
      gate: { keys, sessions, failures: createFailureLimit({ now }), findAddress },
      ...createRecorders(writerClient, now),
      notices,
      exports,
      metrics,
      deadMan: () => deadMan?.state(),
      hasReconciler,
      logger,
      now,
    },
    options.uiDirectory,
  );
  const server = await listen(app, options);
  const url = toUrl(server, options.host);
  if (options.deadMan !== undefined) {
    deadMan = openDeadMan(options.deadMan, { apiUrl: url, projectors, reader, logger, now });
    addDeadManMetrics(metrics.registry, deadMan.state);
  }
  return {
    url,
    createSignInLink: () => `${url}/sign-in#code=${sessions.createCode(ADMINISTRATOR.id)}`,
    close: async () => {
      notices.close();
      await deadMan?.stop();
      await closeServer(server);
      await Promise.all([readerClient.close(), writerClient.close()]);
    },
  };
}

/** How many milliseconds a projector is behind. */
function createLagFinder(reader: ReturnType<typeof createStoreReader>, now: () => number) {
  return async (projector: ProjectorName): Promise<number> => {
    const lag = await findProjectionLag(reader, { scope: EVERYTHING }, { projector, now: now() });
    return lag.lagMs;
  };
}

/** What writes on behalf of people. */
function createRecorders(writer: ReturnType<typeof createWriter>, now: () => number) {
  return {
    audit: createAudit(writer, now),
    storeMatchAct: createStoreMatchAct(writer),
    storeExcuse: createStoreExcuse(writer),
    storeCheckpoint: createCheckpointStore(writer),
    storeConfirmation: createStoreConfirmation(writer),
    append: createAppendRows(writer),
  };
}

function openDeadMan(
  options: NonNullable<ApiOptions["deadMan"]>,
  tower: Omit<Parameters<typeof examineTower>[0], "gatewayUrl"> & { logger: Logger },
): DeadMan {
  const { gatewayUrl, allowed } = options;
  return startDeadMan({
    options,
    client: createOutgoingClient({ allowed }),
    examine: (previous) => examineTower({ gatewayUrl, ...tower }, previous),
    logger: tower.logger,
    now: tower.now,
  });
}

function listen(app: ReturnType<typeof createApp>, { host, port }: ApiOptions): Promise<ServerType> {
  return new Promise((done, fail) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () => done(server));
    server.once("error", (cause) =>
      fail(new AppError("unavailable", `The API cannot listen on ${host}:${port}.`, { cause })),
    );
  });
}

function toUrl(server: ServerType, host: string): string {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : "";
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function closeServer(server: ServerType) {
  const closed = new Promise<void>((done) => server.close(() => done()));
  const timer = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  await closed;
  clearTimeout(timer);
}
