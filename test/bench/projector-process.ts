import { startProjector } from "@throughline/api/projections/projector";
import { z } from "zod";
import { loadPack } from "../../commands/pack-files.ts";

const credentials = z.object({ username: z.string(), password: z.string() });

/** What a projector that runs as a process of its own is told over its channel. */
const projectorOrder = z.object({
  configDirectory: z.string(),
  connection: z.object({ url: z.string(), database: z.string(), writer: credentials, reader: credentials }),
});

process.once("message", (message) => {
  const { configDirectory, connection } = projectorOrder.parse(message);
  const onError = (error: unknown) =>
    void process.stderr.write(`${error instanceof Error ? error.stack : "unknown"}\n`);
  startProjector({ connection, pack: loadPack(configDirectory), onError });
  process.send?.({ ready: true });
});
process.once("disconnect", () => process.exit(0));
