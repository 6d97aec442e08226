import { setTimeout as delay } from "node:timers/promises";
import { createWriter, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import { createForecaster } from "./freeze-forecasts.ts";

const LOOK_MS = 30_000;

/** Looks twice a minute for flows whose curves of the day are missing. `onError` hears of failures; it then looks again. */
export function startForecasts(options: {
  connection: StoreConnection;
  pack: Pack;
  onError: (error: unknown) => void;
  now?: () => number;
}): { stop: () => Promise<void> } {
  const client = createWriter(options.connection);
  const forecaster = createForecaster({ client, pack: options.pack, now: options.now ?? Date.now });
  const stopping = new AbortController();
  const keepUp = async () => {
    while (!stopping.signal.aborted) {
      await delay(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) await forecaster.freezeDue().catch(options.onError);
    }
    await client.close();
  };
  const running = keepUp();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
