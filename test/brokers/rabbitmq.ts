import { execFile } from "node:child_process";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Broker, findProgram, makeFolder, startProgram } from "./program.ts";

/** The script itself: what Debian puts on the path changes the user. */
export const RABBITMQ = findProgram("/usr/lib/rabbitmq/bin/rabbitmq-server");

/** A RabbitMQ node without plugins, which takes some 15 s to start. */
export async function startRabbitmq(): Promise<Broker> {
  const { folder, remove } = makeFolder("rabbitmq");
  const [port, distribution, epmd] = [await findFreePort(), await findFreePort(), await findFreePort()];
  writeFileSync(join(folder, "plugins"), "[].");
  writeFileSync(join(folder, "rabbit.conf"), `listeners.tcp.default = 127.0.0.1:${port}\n`);
  const { stop } = await startProgram({
    command: RABBITMQ ?? "",
    args: [],
    env: {
      HOME: folder,
      ERL_EPMD_PORT: String(epmd),
      ERL_EPMD_ADDRESS: "127.0.0.1",
      RABBITMQ_NODENAME: `test${port}@localhost`,
      RABBITMQ_DIST_PORT: String(distribution),
      RABBITMQ_MNESIA_BASE: join(folder, "data"),
      RABBITMQ_LOG_BASE: join(folder, "log"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
      RABBITMQ_CONFIG_FILE: join(folder, "rabbit.conf"),
      RABBITMQ_CONF_ENV_FILE: "/dev/null",
    },
    isReady: /Starting broker\.\.\. completed/,
  });
  // The name server of Erlang is a daemon that outlives the node.
  const stopNames = () => promisify(execFile)("epmd", ["-port", String(epmd), "-kill"]).catch(() => undefined);
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    stop: async () => {
      await stop();
      await stopNames();
      remove();
    },
  };
}
