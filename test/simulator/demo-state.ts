import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { DAY, HOUR } from "./demand.ts";

const demoState = z.strictObject({
  seed: z.number(),
  hospitals: z.number().default(3),
  /** Unix milliseconds: when the trade began, when it went live, and until when all of it is sent. */
  from: z.number(),
  liveFrom: z.number(),
  sentUntil: z.number(),
});

export type DemoState = z.infer<typeof demoState>;

const RESUMABLE_MS = 60 * DAY;

/** The state that was kept beside the truth file, if it is of the same trade and not too old; else a new beginning. */
export function openDemoState(
  truthFile: string,
  wanted: { seed: number; days: number; hospitals: number; now: number },
): DemoState {
  const { seed, hospitals } = wanted;
  const kept = readDemoState(truthFile);
  const isSame = kept?.seed === seed && kept.hospitals === hospitals;
  if (isSame && wanted.now - kept.liveFrom < RESUMABLE_MS) return kept;
  mkdirSync(dirname(truthFile), { recursive: true });
  rmSync(truthFile, { force: true });
  const from = Math.floor((wanted.now - wanted.days * DAY) / HOUR) * HOUR;
  return { seed, hospitals, from, liveFrom: wanted.now, sentUntil: from - 1 };
}

/** Keeps the state; a crash leaves the old or the new one, never half of it. */
export function saveDemoState(truthFile: string, state: DemoState) {
  const file = toStateFile(truthFile);
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}

function readDemoState(truthFile: string): DemoState | undefined {
  const file = toStateFile(truthFile);
  if (!existsSync(file)) return undefined;
  return demoState.parse(JSON.parse(readFileSync(file, "utf8")));
}

function toStateFile(truthFile: string): string {
  return `${truthFile}.state`;
}
