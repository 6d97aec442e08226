import { startProjector } from "@throughline/api/projections/projector";
import { startReconciler } from "@throughline/api/projections/reconciler";
import { z } from "zod";
import { loadPack } from "../../commands/pack-files.ts";

const credentials = z.object({ username: z.string(), password: z.string() });

const STARTS = { projector: startProjector, reconciler: startReconciler };

/** What a projection that runs as a process of its own is told over its channel. */
const projectorOrder = z.object({
  role: z.enum(["projector", "reconciler"]),
  configDirectory: z.string(),
  connection: z.object({ url: z.string(), database: z.string(), writer: credentials, reader: credentials }),
});

process.once("message", (message) => {
  const { role, configDirectory, connection } = projectorOrder.parse(message);
  const onError = (error: unknown) =>
    void process.stderr.write(`${error instanceof Error ? error.stack : "unknown"}\n`);
  STARTS[role]({ connection, pack: loadPack(configDirectory), onError });
  process.send?.({ ready: true });
});
process.once("disconnect", () => process.exit(0));
