import { mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** A value of every column by which rows are ordered, as the database writes it. */
export type Place = readonly string[];

/** A row that was read, in the order of the query. */
export interface PlacedRow {
  place: Place;
  identity: string;
}

/** Which transactions may still bring rows: none below `oldest`, none from `next` on had begun to write. */
export interface Snapshot {
  oldest: bigint;
  next: bigint;
}

const content = z.object({
  columns: z.array(z.string()),
  floor: z.array(z.string()).nullable(),
  taken: z.array(z.string()),
});

/**
 * The rows behind the place from which everything is read again, since others may still appear between them: a transaction that took
 * its number first may commit last. The place moves past a row once `patienceMs` have gone by since it was first seen, and every transaction
 * that wrote then has ended. It is kept on disk beside which rows behind it are taken.
 */
export function openRowWindow(
  directory: string,
  { columns, patienceMs }: { columns: readonly string[]; patienceMs: number },
) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "rows.json");
  const found = read(path, columns);
  let floor: Place | undefined = found?.floor ?? undefined;
  const taken = new Map((found?.taken ?? []).map((identity): [string, Stamp | undefined] => [identity, undefined]));
  return {
    floor: () => floor,
    size: () => taken.size,
    isTaken: (identity: string) => taken.has(identity),
    /** It is on disk. Nothing is known yet of what may come before it. */
    add: (identity: string) => void taken.set(identity, undefined),
    /** Rows that were just read: what is going on by now may bring others before them. Of those of before, the first moment counts. */
    stamp: (rows: readonly PlacedRow[], { at, snapshot }: { at: number; snapshot: Snapshot }) => {
      for (const { identity } of rows)
        if (taken.get(identity) === undefined) taken.set(identity, { at, next: snapshot.next });
    },
    /** Moves on over rows that come next in order. `at` and `snapshot` are of before anything of this round was read. */
    settle: (rows: readonly PlacedRow[], { at, snapshot }: { at: number; snapshot: Snapshot }): boolean => {
      for (const { identity, place } of rows) {
        const stamp = taken.get(identity);
        if (stamp === undefined || at - stamp.at < patienceMs || snapshot.oldest < stamp.next) return false;
        taken.delete(identity);
        floor = place;
      }
      return true;
    },
    /** Everything behind the place was read: what was not there is deleted. */
    keepOnly: (identities: ReadonlySet<string>) => {
      for (const identity of taken.keys()) if (!identities.has(identity)) taken.delete(identity);
    },
    /** What was known of transactions is forgotten: another server may answer. */
    forgetStamps: () => {
      for (const identity of taken.keys()) taken.set(identity, undefined);
    },
    save: async () => {
      const text = JSON.stringify({ columns, floor: floor ?? null, taken: [...taken.keys()] });
      await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
      await rename(`${path}.new`, path);
    },
  };
}

export type RowWindow = ReturnType<typeof openRowWindow>;

interface Stamp {
  at: number;
  next: bigint;
}

/** Undefined where nothing is kept for these columns. */
function read(path: string, columns: readonly string[]): z.infer<typeof content> | undefined {
  try {
    const parsed = content.parse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.columns.join("\n") === columns.join("\n") ? parsed : undefined;
  } catch {
    return undefined;
  }
}
