import type { StoreConnection } from "@throughline/schemas/clickhouse/store";
import { readHooks } from "@throughline/collector/gateway/hooks/read-hooks";
import closeWithGrace from "close-with-grace";
import { type Command, Option } from "commander";
import type { Logger } from "pino";
import { loadDocumentPack, loadPack } from "./pack-files.ts";
import { ROLES, type RoleName, type RoleReady } from "./role-message.ts";
import type { Settings } from "./settings.ts";
import { openStore } from "./store.ts";
import { superviseRole } from "./supervise.ts";
import { readVersion } from "./version.ts";

/** A running tower. */
export interface Tower {
  /** What each role said when it was ready. */
  ready: ReadonlyMap<RoleName, RoleReady>;
  connection: StoreConnection;
  stop: () => Promise<void>;
}

/** Starts the store and the roles over it, each in a process of its own. A wrong pack is refused before anything starts. */
export async function startTower(
  settings: Settings,
  options: { roles: readonly RoleName[]; logger: Logger },
): Promise<Tower> {
  const { logger } = options;
  loadPack(settings.configDirectory);
  if (settings.hooksFile !== undefined)
    readHooks(settings.hooksFile, { pack: loadDocumentPack(settings.configDirectory), ...settings });
  const store = await openStore(settings, logger);
  const roles = new Map<RoleName, Awaited<ReturnType<typeof superviseRole>>>();
  const stop = async () => {
    await Promise.all([...roles.values()].map((role) => role.stop()));
    await store.close();
  };
  try {
    for (const role of options.roles)
      roles.set(role, await superviseRole({ role, connection: store.connection, ...toOrder(settings) }, logger));
  } catch (error) {
    await stop();
    throw error;
  }
  return { ready: new Map([...roles].map(([name, role]) => [name, role.ready])), connection: store.connection, stop };
}

function toOrder(settings: Settings) {
  const { dataDirectory, configDirectory, host, apiPort, gatewayPort, administratorToken, logLevel } = settings;
  const { deadMan, gatewayUrl, outgoingAllow, clockAllowanceMs, patientFormats, hasReconciler, hooksFile } = settings;
  return {
    dataDirectory,
    configDirectory,
    host,
    apiPort,
    gatewayPort,
    clockAllowanceMs,
    patientFormats,
    hasReconciler,
    logLevel,
    gatewayUrl,
    outgoingAllow,
    version: readVersion(),
    ...(hooksFile === undefined ? {} : { hooksFile }),
    ...(deadMan ? { deadMan } : {}),
    ...(administratorToken ? { administratorToken } : {}),
  };
}

/** All roles that the settings ask for. */
export function listRoles({ hasReconciler }: Pick<Settings, "hasReconciler">): RoleName[] {
  return ROLES.filter((role) => role !== "reconciler" || hasReconciler);
}

/** `throughline serve` */
export function addServeCommand(
  program: Command,
  context: { settings: () => Settings; createLogger: (level: string) => Logger },
) {
  program
    .command("serve")
    .description("run the tower until it is stopped")
    .addOption(
      new Option("--only <role...>", "run only these roles, beside others over the same server").choices([...ROLES]),
    )
    .action(async (options: { only?: RoleName[] }) => {
      const settings = context.settings();
      const logger = context.createLogger(settings.logLevel);
      const tower = await startTower(settings, { roles: options.only ?? listRoles(settings), logger });
      announce(tower, settings);
      stopWithProcess(tower);
    });
}

/** Says where the tower can be reached, on standard output. */
export function announce(tower: Tower, settings: Settings) {
  const api = tower.ready.get("api");
  const gateway = tower.ready.get("gateway");
  const lines = [
    ...(api?.url ? [`Control tower  ${api.url}`] : []),
    ...(gateway?.url ? [`Gateway        ${gateway.url}`] : []),
    ...(api?.signInUrl ? [`Sign in once   ${api.signInUrl}`] : []),
    `Data           ${settings.server?.url ?? settings.dataDirectory}`,
  ];
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
}

/** Stops the tower when the process is told to end. */
export function stopWithProcess(tower: { stop: () => Promise<void> }) {
  closeWithGrace({ delay: 30_000 }, async () => tower.stop());
}
