import type { EventRecord, Parser, UnreadableRecord } from "../file-record.ts";
import { createJsonParser } from "./json.ts";

/** The longest line, in characters; a longer one is refused and the next line is read. */
const MAX_LINE = 1_000_000;

/** CloudEvents in JSON, one a line. */
export function createCloudEventsParser(): Parser<EventRecord | UnreadableRecord> {
  let rest = "";
  let isTooLong = false;
  const finishLine = (line: string): (EventRecord | UnreadableRecord)[] => {
    const wasTooLong = isTooLong || line.length > MAX_LINE;
    isTooLong = false;
    if (wasTooLong) return [{ kind: "unreadable", reason: `the line is longer than ${MAX_LINE} characters` }];
    return line.trim() === "" ? [] : [readLine(line)];
  };
  return {
    write: (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      const records = lines.flatMap(finishLine);
      if (rest.length > MAX_LINE) {
        isTooLong = true;
        rest = "";
      }
      return records;
    },
    end: () => (rest === "" && !isTooLong ? [] : finishLine(rest)),
  };
}

/** CloudEvents in JSON, one array of them. */
export function createCloudEventsBatchParser(): Parser<EventRecord | UnreadableRecord> {
  return createJsonParser(["$.*"], (event) => ({ kind: "event", event }));
}

function readLine(line: string): EventRecord | UnreadableRecord {
  try {
    const event: unknown = JSON.parse(line);
    return { kind: "event", event };
  } catch (error) {
    return {
      kind: "unreadable",
      reason: `the line is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
