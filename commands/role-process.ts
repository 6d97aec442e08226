import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startApi } from "@throughline/api/start";
import { startForecasts } from "@throughline/api/projections/forecasts/start-forecasts";
import { startProjector } from "@throughline/api/projections/projector";
import { startReconciler } from "@throughline/api/projections/reconciler";
import { startGateway } from "@throughline/collector/gateway/gateway";
import { readHooks } from "@throughline/collector/gateway/hooks/read-hooks";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { createWriter } from "@throughline/schemas/clickhouse/store";
import { parseAllowedAddresses } from "@throughline/schemas/outgoing/vet-address";
import closeWithGrace from "close-with-grace";
import { type Logger, pino } from "pino";
import { loadDocumentPack, loadPack } from "./pack-files.ts";
import { toWayBackParts } from "./way-back.ts";
import { openWayBackKeys } from "./way-back-keys.ts";
import { type RoleOrder, type RoleReady, roleOrder } from "./role-message.ts";

const UI_DIRECTORY = join(import.meta.dirname, "../ui/dist");

interface RunningRole {
  ready: RoleReady;
  stop: () => Promise<void>;
}

process.once("message", (message) => void start(roleOrder.parse(message)));
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));

async function start(order: RoleOrder) {
  const logger = pino({ level: order.logLevel, base: { role: order.role } }, pino.destination(2));
  const role = await START[order.role](order, logger);
  closeWithGrace({ delay: 14_000 }, async ({ err }) => {
    if (err) logger.fatal(err, "role failed");
    await role.stop();
  });
  process.send?.(role.ready);
}

const START = {
  gateway: async (order: RoleOrder, logger: Logger): Promise<RunningRole> => {
    const keys = await openKeys(order, "gateway");
    const documents = { pack: loadDocumentPack(order.configDirectory), patientFormats: order.patientFormats };
    const gateway = await startGateway({
      host: order.host,
      port: order.gatewayPort,
      directory: join(order.dataDirectory, "gateway"),
      connection: order.connection,
      authenticate: (secret) => keys.directory.findPrincipal(secret),
      limits: { maxAheadMs: order.clockAllowanceMs },
      documents,
      hooks: order.hooksFile === undefined ? [] : readHooks(order.hooksFile, documents),
      wayBack: toWayBackParts(keys.writer, { keys: openWayBackKeys(order.dataDirectory), pack: documents.pack }),
      objectTypes: new Set(loadPack(order.configDirectory).objectTypes.map(({ type }) => type)),
      logger,
    });
    return {
      ready: { ready: true, url: gateway.url },
      stop: async () => {
        await gateway.stop();
        await keys.close();
      },
    };
  },
  projector: async (order: RoleOrder, logger: Logger): Promise<RunningRole> => {
    const projector = startProjector({
      connection: order.connection,
      pack: loadPack(order.configDirectory),
      onError: (error) => logger.error(error, "projection failed and starts again"),
    });
    const forecasts = startForecasts({
      connection: order.connection,
      pack: loadPack(order.configDirectory),
      onError: (error) => logger.error(error, "forecasts failed and are tried again"),
    });
    return {
      ready: { ready: true },
      stop: async () => void (await Promise.all([projector.stop(), forecasts.stop()])),
    };
  },
  reconciler: async (order: RoleOrder, logger: Logger): Promise<RunningRole> => {
    const reconciler = startReconciler({
      connection: order.connection,
      pack: loadPack(order.configDirectory),
      onError: (error) => logger.error(error, "matching and reconciliation failed and start again"),
    });
    return { ready: { ready: true }, stop: reconciler.stop };
  },
  api: async (order: RoleOrder, logger: Logger): Promise<RunningRole> => {
    const keys = await openKeys(order, "api");
    const api = await startApi({
      host: order.host,
      port: order.apiPort,
      connection: order.connection,
      pack: loadPack(order.configDirectory),
      keys: keys.directory,
      uiDirectory: UI_DIRECTORY,
      hasReconciler: order.hasReconciler,
      logger,
      ...(order.deadMan && { deadMan: toDeadMan(order, order.deadMan) }),
    });
    const ready = { ready: true as const, url: api.url, signInUrl: api.createSignInLink() };
    return {
      ready,
      stop: async () => {
        await api.close();
        await keys.close();
      },
    };
  },
};

function toDeadMan({ gatewayUrl, outgoingAllow, version }: RoleOrder, deadMan: NonNullable<RoleOrder["deadMan"]>) {
  return { ...deadMan, version, gatewayUrl, allowed: parseAllowedAddresses(outgoingAllow) };
}

async function openKeys(order: RoleOrder, role: string) {
  mkdirSync(order.dataDirectory, { recursive: true });
  const writer = createWriter(order.connection);
  const directory = await createKeyDirectory({
    writer,
    cacheFile: join(order.dataDirectory, `${role}-keys.json`),
    ...(order.administratorToken === undefined ? {} : { administratorToken: order.administratorToken }),
  });
  return {
    directory,
    writer,
    close: async () => {
      directory.close();
      await writer.close();
    },
  };
}
