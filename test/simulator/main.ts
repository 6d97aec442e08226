import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import { runDemo } from "./demo.ts";
import { startNetwork } from "./network/start-network.ts";

/**
 * Plays the simulated trade into any gateway: `node test/simulator/main.ts [--gateway URL] [--seed N] [--days N]
 * [--hospitals N] [--speed N] [--truth FILE]`, with a key that may send in THROUGHLINE_KEY. With `--network [--scenario FILE]
 * [--hours N] [--speed N]` systems of a network are processes that speak their own protocols to an edge collector.
 */
const USUAL_WEEK = join(import.meta.dirname, "scenarios/usual-week.yaml");
const { values } = parseArgs({
  options: {
    gateway: { type: "string", default: "http://127.0.0.1:4318" },
    seed: { type: "string", default: "1" },
    days: { type: "string", default: "14" },
    hospitals: { type: "string" },
    truth: { type: "string", default: "data/demo/truth.ndjson" },
    network: { type: "boolean", default: false },
    scenario: { type: "string", default: USUAL_WEEK },
    hours: { type: "string", default: "24" },
    speed: { type: "string" },
  },
});

const parsed = z
  .object({
    gateway: z.url(),
    seed: z.coerce.number().int(),
    days: z.coerce.number().min(0).max(399),
    hospitals: z.coerce.number().int().min(1).max(50).optional(),
    truth: z.string().min(1),
    network: z.boolean(),
    scenario: z.string().min(1),
    hours: z.coerce.number().positive().max(8784),
    speed: z.coerce.number().min(1).max(100_000).optional(),
    key: z.string({ error: "THROUGHLINE_KEY must hold a key that may send" }).min(1),
  })
  .safeParse({ ...values, key: process.env.THROUGHLINE_KEY });

const FORWARD_POLL_MS = 200;
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());

try {
  if (!parsed.success) throw new AppError("invalid_configuration", z.prettifyError(parsed.error));
  const { gateway, key, seed, days, hospitals, speed, truth, network } = parsed.data;
  if (network) await playNetwork(parsed.data);
  else {
    const sent = await runDemo({
      gatewayUrl: gateway,
      key,
      seed,
      days,
      hospitals,
      speed,
      signal: stop.signal,
      truthFile: truth,
      onProgress: ({ events, spans, share, isLive }) =>
        process.stderr.write(
          isLive
            ? `history sent: ${events} events, ${spans} spans; live from here on\n`
            : `${Math.floor(share * 100)} % of history, ${events} events\n`,
        ),
    });
    process.stderr.write(`sent ${sent.events} events, ${sent.spans} spans, ${sent.faults} faults\n`);
  }
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Lets the systems say all that they have to say, and waits until the gateway has it. */
async function playNetwork(options: {
  gateway: string;
  key: string;
  seed: number;
  scenario: string;
  hours: number;
  truth: string;
  speed?: number | undefined;
}): Promise<void> {
  const { gateway: url, key, seed, scenario, hours, truth: truthFile, speed = null } = options;
  const network = await startNetwork({ gateway: { url, key }, seed, scenario, hours, speed });
  const aborted = new Promise<void>((done) => stop.signal.addEventListener("abort", () => done()));
  try {
    const played = await Promise.race([network.done, aborted]);
    if (played === undefined) return;
    while (!stop.signal.aborted && !(await network.isForwarded())) await delay(FORWARD_POLL_MS);
    mkdirSync(dirname(truthFile), { recursive: true });
    writeFileSync(truthFile, played.truth.map((row) => `${JSON.stringify(row)}\n`).join(""));
    for (const [system, count] of played.said) process.stderr.write(`${system} said ${count} things\n`);
  } finally {
    await network.stop();
  }
}
