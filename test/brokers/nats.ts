import { type Broker, findProgram, makeFolder, startProgram } from "./program.ts";
import { findFreePort } from "@throughline/schemas/find-free-port";

export const NATS = findProgram("nats-server");

/** A NATS server with JetStream. */
export async function startNats(): Promise<Broker> {
  const { folder, remove } = makeFolder("nats");
  const port = await findFreePort();
  const { stop } = await startProgram({
    command: NATS ?? "",
    args: ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder],
    isReady: /Server is ready/,
  });
  return { url: `nats://127.0.0.1:${port}`, stop: () => stop().finally(remove) };
}
