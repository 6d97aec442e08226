import { execFileSync } from "node:child_process";
import { chownSync, globSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Broker, findFreePort, findProgram, makeFolder, startProgram } from "./program.ts";

export const POSTGRES = findProgram(
  ...globSync("/usr/lib/postgresql/*/bin/postgres").toSorted().toReversed(),
  "postgres",
);

/** A PostgreSQL server with an empty database. It refuses to run as root, so root runs it as its usual user. */
export async function startPostgres(): Promise<Broker> {
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
  writeFileSync(join(data, "postgresql.auto.conf"), "fsync = off\n");
  const port = await findFreePort();
  const { stop } = await startProgram({
    command,
    args: ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder],
    uid: user,
    isReady: /ready to accept connections/,
  });
  return { url: `postgres://test@127.0.0.1:${port}/postgres`, stop: () => stop().finally(remove) };
}

function readUser(name: string): number {
  return Number(execFileSync("id", ["-u", name], { encoding: "utf8" }));
}
