import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { z } from "zod";
import { fuzzFormat, readThreadTimeMs } from "./fuzz-format.ts";

const TELL_EVERY_MS = 1000;
const work = z
  .object({ format: z.enum(DOCUMENT_FORMATS), seed: z.number(), minutes: z.number(), corpus: z.string().optional() })
  .parse(workerData);

const send = (message: object) => parentPort?.postMessage(message, []);
let toldAt = 0;
const goesOn = (runs: number): boolean => {
  const now = performance.now();
  if (now - toldAt > TELL_EVERY_MS) {
    toldAt = now;
    send({ kind: "alive", runs });
  }
  return readThreadTimeMs() < work.minutes * 60_000;
};
send({ kind: "done", ...(await fuzzFormat({ ...work, goesOn })) });
