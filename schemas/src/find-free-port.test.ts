import { createServer } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { findFreePort } from "./find-free-port.ts";

/** The first port that Linux gives to outgoing connections, the lowest of the systems. */
const FIRST_OUTGOING = 32_768;

test("a free port can be listened on, and no outgoing connection can take it before", async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, findFreePort));
  expect(Math.max(...ports)).toBeLessThan(FIRST_OUTGOING);
  for (const port of ports) {
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    await once(server, "close");
  }
});
