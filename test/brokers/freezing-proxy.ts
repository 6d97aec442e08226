import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";

/** A way to a server that can go dead: connections stay, and nothing passes any more. */
export async function startFreezingProxy(target: { host: string; port: number }) {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((socket) => {
    const other = connect(target);
    for (const [one, two] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => two.destroy());
      one.on("close", () => two.destroy());
      one.on("data", (chunk: Buffer) => {
        if (!isFrozen) two.write(chunk);
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    freeze: () => {
      isFrozen = true;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
