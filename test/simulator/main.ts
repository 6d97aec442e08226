import { parseArgs } from "node:util";
import { AppError } from "@throughline/schemas/error";
import closeWithGrace from "close-with-grace";
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

const options = z
  .object({
    gateway: z.url(),
    seed: z.coerce.number().int(),
    days: z.coerce.number().min(0).max(400),
    truth: z.string().min(1),
    key: z.string({ error: "THROUGHLINE_KEY must hold a key that may send" }).min(1),
  })
  .parse({ ...values, key: process.env.THROUGHLINE_KEY });

const stop = new AbortController();
closeWithGrace({ delay: 5000 }, () => Promise.resolve(stop.abort()));

try {
  const sent = await runDemo({
    gatewayUrl: options.gateway,
    key: options.key,
    seed: options.seed,
    days: options.days,
    now: new Date(),
    signal: stop.signal,
    truthFile: options.truth,
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
