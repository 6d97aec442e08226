import type { EncodedEvent, Exporter, ExporterStats } from "./exporter.ts";

/** An exporter that is done with each event at once. `deliver` must not throw. */
export function createDirectExporter(deliver: (event: EncodedEvent) => void): Exporter {
  let sent = 0;
  let afterShutdown = 0;
  let isOpen = true;
  return {
    start: () => undefined,
    take: (event) => {
      if (!isOpen) {
        afterShutdown++;
        return false;
      }
      deliver(event);
      sent++;
      return true;
    },
    flush: () => Promise.resolve(true),
    shutdown: () => {
      isOpen = false;
      return Promise.resolve(true);
    },
    saveAtExit: () => undefined,
    stats: (): ExporterStats => ({
      sent,
      refused: 0,
      queued: 0,
      queuedBytes: 0,
      spooled: 0,
      spooledBytes: 0,
      recovered: 0,
      dropped: { after_shutdown: afterShutdown },
      retries: 0,
      oldestQueuedMs: 0,
      clock: undefined,
    }),
  };
}
