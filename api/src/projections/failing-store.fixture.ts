import { type Server, createServer, request } from "node:http";
import type { StoreConnection } from "@throughline/schemas/clickhouse/store";

/** Where a connection breaks: before the store hears of an insert, or after it has taken it and before it can say so. */
export type Break = "before" | "after";

export interface FailingStore {
  connection: StoreConnection;
  /** From now on the connection breaks at the insert that comes after so many; none after it gets through. */
  breakAt: (inserts: number, how: Break) => void;
  /** How many inserts have come since. */
  inserts: () => number;
  close: () => Promise<void>;
}

/** A way to a store that breaks at an insert, as when a process is killed there. Queries go through until then. */
export async function openFailingStore(connection: StoreConnection): Promise<FailingStore> {
  let count = 0;
  let limit = Infinity;
  let how: Break = "before";
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", connection.url);
    const isInsert = (url.searchParams.get("query") ?? "").startsWith("INSERT");
    if (isInsert) count += 1;
    const isBroken = count > limit;
    if (isBroken && (how === "before" || !isInsert || count > limit + 1)) {
      incoming.socket.destroy();
      return;
    }
    const forward = request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
      if (isBroken) {
        answer.resume();
        answer.on("end", () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on("error", () => incoming.socket.destroy());
    incoming.pipe(forward);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    connection: { ...connection, url: `http://127.0.0.1:${portOf(server)}` },
    breakAt: (inserts, kind) => {
      [count, limit, how] = [0, inserts, kind];
    },
    inserts: () => count,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
