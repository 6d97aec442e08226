import { join } from "node:path";
import { openAgingSpool } from "../spool/open-aging-spool.ts";
import { visitSegments } from "../spool/scan-segments.ts";
import { toWaitingKey } from "../waiting/waiting-document.ts";
import { type UseRecord, useRecord } from "./use-record.ts";

/** Which documents were told with the help of crosswalks: sealed, bounded by age and bytes, the oldest give way. */
export interface Uses {
  /** Returns when the records are on disk. Of several records of a document the last one counts. */
  append: (records: readonly UseRecord[]) => Promise<void>;
  /** All records in the order in which they were written. */
  visit: (visit: (record: UseRecord, key: string) => void) => Promise<void>;
  close: () => Promise<void>;
}

export async function openUses(options: {
  directory: string;
  secret: Uint8Array;
  maxBytes: number;
  maxAgeMs: number;
  now: () => number;
}): Promise<Uses> {
  const directory = join(options.directory, "uses");
  const spool = await openAgingSpool({ ...options, directory });
  return {
    append: (records) => spool.append(records.map((record) => ({ toText: () => JSON.stringify(record) }))),
    visit: (visit) =>
      visitSegments(directory, options.secret, ({ content }) => {
        for (const text of content.entries) {
          const record = useRecord.parse(JSON.parse(text));
          visit(record, toUseKey(record));
        }
      }),
    close: spool.close,
  };
}

/** What tells the documents of records apart, as what waits is told apart. */
export function toUseKey({ interface: name, identity, ordinal }: UseRecord): string {
  return toWaitingKey({ interface: name, context: { digest: identity, ordinal } });
}
