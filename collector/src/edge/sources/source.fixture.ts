import { pino } from "pino";
import type { Unit } from "../run/unit.ts";
import { makeTestFolder } from "../spool/spool.fixture.ts";
import type { SourceParts } from "./source.ts";

export interface TakenUnit {
  identity: string;
  text: string;
}

/** What a source is given in a test: a folder, a log that is kept, and a `take` that remembers until it is told to fail. */
export function createSourceParts() {
  const { folder, remove } = makeTestFolder();
  const taken: TakenUnit[] = [];
  /** The identity of each unit that was given, whatever became of it. */
  const given: string[] = [];
  const logged: string[] = [];
  const state: { failure: Error | undefined } = { failure: undefined };
  const parts: SourceParts = {
    directory: `${folder}/memory`,
    logger: pino({ base: null }, { write: (line) => void logged.push(line) }),
    now: Date.now,
    takeAll: async (units: readonly Unit[]) => {
      for (const unit of units) await parts.take(unit);
    },
    take: async (unit: Unit) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of unit.stream) chunks.push(Buffer.from(chunk));
      given.push(unit.identity);
      if (state.failure !== undefined) throw state.failure;
      taken.push({ identity: unit.identity, text: Buffer.concat(chunks).toString("utf8") });
    },
  };
  return { folder, remove, taken, given, logged, state, parts };
}
