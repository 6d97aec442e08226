import { once } from "node:events";
import { createServer } from "node:net";
import { AppError } from "./error.ts";

/**
 * Below the ports that Linux, macOS and Windows give to outgoing connections (from 32768 or 49152), one of which could
 * take a port between the moment it is found and the moment somebody listens there.
 */
const [FIRST, COUNT] = [10_000, 22_000];
const MAX_TRIES = 200;

/** A port of 127.0.0.1 on which nobody listens, for a server that cannot ask for any. Throws `unavailable` when none is found. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
  throw new AppError("unavailable", `No free port was found in ${MAX_TRIES} tries from ${FIRST} on`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
