import { parseArgs } from "node:util";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import { runDemo } from "./demo.ts";

/**
 * Plays the simulated trade into any gateway: `node test/simulator/main.ts [--gateway URL] [--seed N] [--days N]
 * [--truth FILE]`, with a key that may send in THROUGHLINE_KEY.
 */
const { values } = parseArgs({
  options: {
    gateway: { type: "string", default: "http://127.0.0.1:4318" },
    seed: { type: "string", default: "1" },
    days: { type: "string", default: "14" },
    truth: { type: "string", default: "data/demo/truth.ndjson" },
  },
});

const parsed = z
  .object({
    gateway: z.url(),
    seed: z.coerce.number().int(),
    days: z.coerce.number().min(0).max(400),
    truth: z.string().min(1),
    key: z.string({ error: "THROUGHLINE_KEY must hold a key that may send" }).min(1),
  })
  .safeParse({ ...values, key: process.env.THROUGHLINE_KEY });

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());

try {
  if (!parsed.success) throw new AppError("invalid_configuration", z.prettifyError(parsed.error));
  const { gateway, key, seed, days, truth } = parsed.data;
  const sent = await runDemo({
    gatewayUrl: gateway,
    key,
    seed,
    days,
    now: new Date(),
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
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
