import { join } from "node:path";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { prepareServerAccess, prepareStore, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { lockDirectory } from "@throughline/schemas/directory-lock";
import type { Logger } from "pino";
import type { Settings } from "./settings.ts";

/** A store that is ready: its tables are at this version. */
export interface OpenStore {
  connection: StoreConnection;
  close: () => Promise<void>;
}

/** Opens the configured store: the server, or the local engine under this process with the data directory locked. */
export async function openStore(settings: Settings, logger: Logger): Promise<OpenStore> {
  return settings.server === undefined ? openLocal(settings, logger) : openServer(settings.server, logger);
}

async function openServer(connection: StoreConnection, logger: Logger): Promise<OpenStore> {
  const applied = await prepareStore(connection);
  await prepareServerAccess(connection);
  logger.info({ url: connection.url, applied: applied.map(({ name }) => name) }, "store ready");
  return { connection, close: () => Promise.resolve() };
}

async function openLocal(settings: Settings, logger: Logger): Promise<OpenStore> {
  const unlock = lockDirectory(settings.dataDirectory, "The tower's data");
  try {
    const engine = await startLocalEngine({
      directory: join(settings.dataDirectory, "engine"),
      memoryBytes: settings.engineMemoryBytes,
      database: settings.database,
      onRestart: (restart) => logger.error(restart, "engine ended and is started again"),
    });
    const applied = await prepareStore(engine.connection);
    logger.info({ url: engine.connection.url, applied: applied.map(({ name }) => name) }, "store ready");
    return {
      connection: engine.connection,
      close: async () => {
        await engine.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
