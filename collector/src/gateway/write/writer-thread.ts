import { parentPort, workerData } from "node:worker_threads";
import { startLogWriter } from "./log-writer.ts";
import { type FromWriter, toWriter, writerSettings } from "./writer-messages.ts";

/** Entry point of the thread that drains the log, so that encoding and inserting never delay an acknowledgement. */
const settings = writerSettings.parse(workerData);
const send = (message: FromWriter) => parentPort?.postMessage(message, []);

const writer = startLogWriter({
  ...settings,
  onResumed: (bounds) => send({ kind: "resumed", bounds }),
  onCommitted: (bounds, counts) => send({ kind: "committed", bounds, counts }),
  onRepaired: (bounds, table) => send({ kind: "repaired", bounds, table }),
  onFailedAttempt: (failure) => send({ kind: "failed", failure }),
});

parentPort?.on("message", (value) => {
  const message = toWriter.parse(value);
  if (message.kind === "durable") writer.extend(message.end);
  else writer.stop(message.graceMs);
});

try {
  await writer.ended;
  send({ kind: "ended" });
} catch (error) {
  send({ kind: "ended", error: error instanceof Error ? error.message : "unknown" });
}
parentPort?.close();
