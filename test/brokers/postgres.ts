import { execFileSync } from "node:child_process";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { chownSync, globSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Broker, findProgram, makeFolder, startProgram } from "./program.ts";

export const POSTGRES = findProgram(
  ...globSync("/usr/lib/postgresql/*/bin/postgres").toSorted().toReversed(),
  "postgres",
);

export interface PostgresServer extends Broker {
  /** Ends it at once, as a crash would, and starts it again over the same data and port. */
  restart(): Promise<void>;
}

/** A PostgreSQL server with an empty database. It refuses to run as root, so root runs it as its usual user. */
export async function startPostgres(): Promise<PostgresServer> {
  const command = POSTGRES ?? "";
  const { folder, remove } = makeFolder("postgres");
  const user = process.getuid?.() === 0 ? readUser("postgres") : undefined;
  if (user !== undefined) chownSync(folder, user, user);
  const data = join(folder, "data");
  const asUser = user === undefined ? {} : { uid: user };
  const initdb = join(dirname(command), "initdb");
  execFileSync(initdb, ["-D", data, "-U", "test", "-A", "trust", "--no-sync"], {
    stdio: "pipe",
    cwd: folder,
    ...asUser,
  });
  writeFileSync(join(data, "postgresql.auto.conf"), "fsync = off\nwal_level = logical\n");
  const port = await findFreePort();
  const start = () =>
    startProgram({
      command,
      args: ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder],
      uid: user,
      isReady: /ready to accept connections/,
    });
  let running = await start();
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    restart: async () => {
      await running.stop("SIGQUIT");
      running = await start();
    },
    stop: () => running.stop().finally(remove),
  };
}

function readUser(name: string): number {
  return Number(execFileSync("id", ["-u", name], { encoding: "utf8" }));
}
