import type { Logger } from "pino";
import type { Unit } from "../run/unit.ts";

/** What a source is given. It advances only past what `take` has returned for. */
export interface SourceParts {
  take: (unit: Unit) => Promise<void>;
  /** Takes several, in their order, and writes them together. */
  takeAll: (units: readonly Unit[]) => Promise<void>;
  /** Folder of its own for what it must remember. */
  directory: string;
  logger: Logger;
  now: () => number;
}

/** A source that reads. */
export interface RunningSource {
  /** Up to when everything that was there is taken, in milliseconds since 1970; undefined before that is known. */
  completeAt: () => number | undefined;
  /** Why it cannot read now; undefined while all is well. */
  failure: () => string | undefined;
  /** Ends reading; what is being taken is finished or will be read again. */
  stop: () => Promise<void>;
}
