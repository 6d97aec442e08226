import type { SourceOf } from "../config/edge-source.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import { createLocalFiles } from "./local-files.ts";
import { createFileScanner } from "./scan-files.ts";
import type { RunningSource, SourceParts } from "./source.ts";
import { toReason } from "./to-reason.ts";

/** Reads files that are dropped into a directory of this machine. */
export function watchDirectory(config: SourceOf<"directory">, parts: SourceParts): RunningSource {
  const { logger, now } = parts;
  const files = createLocalFiles(config);
  const scan = createFileScanner(config, parts);
  const stopping = new AbortController();
  let completeAt: number | undefined;
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const run = async () => {
    try {
      const startedAt = now();
      if (await scan(files, stopping.signal)) completeAt = startedAt;
      failure = undefined;
    } catch (error) {
      const reason = toReason(error);
      if (!stopping.signal.aborted && reason !== failure)
        logger.warn({ reason }, "A directory cannot be read; it is tried again");
      failure = reason;
    }
    if (!stopping.signal.aborted) timer = setTimeout(runAgain, toDurationMs(config.every));
  };
  const runAgain = () => {
    running = run();
  };
  let running = run();
  return {
    completeAt: () => completeAt,
    failure: () => failure,
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
