import { MINUTE, type Pace } from "./demand.ts";
import { startCloses } from "./closes.ts";
import { startCertificates } from "./contracts.ts";
import { startContractPrices } from "./contract-prices.ts";
import { startControlledOrders } from "./controlled-orders.ts";
import { startCounts } from "./counts.ts";
import { startDispenses } from "./dispenses.ts";
import { startHeartbeats } from "./heartbeats.ts";
import { startItemSync } from "./item-sync.ts";
import { startLosses } from "./losses.ts";
import { startMalformed } from "./malformed.ts";
import { startOnboarding } from "./onboarding.ts";
import { startShelves } from "./shelves.ts";
import type { Incidents } from "./incidents.ts";
import { type Dispatch, createSimulation } from "./simulation.ts";
import { type FaultRates, USUAL_FAULTS } from "./truth.ts";

export interface TradeOptions {
  seed: number;
  /** Unix milliseconds of the trade's first moment. */
  from: number;
  /** Unix milliseconds after which nothing is sent; infinity for a trade that never ends. */
  to: number;
  hospitals?: number;
  suppliers?: number;
  items?: number;
  /** How often each kind of fault strikes, at all times or by time. */
  faults?: FaultRates | ((now: number) => FaultRates);
  /** What is planned; without it outages and releases are drawn by the rates. */
  incidents?: Incidents;
  pace?: Pace;
  tracedShare?: number;
  /** How often each source says that it is alive, at all times or by time; five minutes unless given. */
  heartbeatEveryMs?: number | Pace;
}

/**
 * The trade of some hospitals with their suppliers: shelves run low, are ordered for, delivered, filled, billed and paid
 * for, controlled substances are ordered and reported, doses are dispensed and posted, books are closed, and some of it
 * goes wrong. Beside it suppliers are brought in, items and prices change, and losses are reported. What is sent comes in the order of sending, together with the truth of each fault. The
 * same options give the same trade; a later end only continues it.
 */
export function* generateTrade(options: TradeOptions): Generator<Dispatch, void, undefined> {
  const { seed, from, to, hospitals = 3, suppliers = 6, items = 400 } = options;
  const { faults = USUAL_FAULTS, pace = () => 1, tracedShare = 0.3 } = options;
  const { heartbeatEveryMs = 5 * MINUTE } = options;
  const beatAt = typeof heartbeatEveryMs === "function" ? heartbeatEveryMs : () => heartbeatEveryMs;
  const ratesAt = typeof faults === "function" ? faults : () => faults;
  let time = from;
  const simulation = createSimulation({
    seed,
    from,
    hospitals,
    suppliers,
    items,
    incidents: options.incidents,
    pace,
    tracedShare,
    get heartbeatEveryMs() {
      return beatAt(time);
    },
    get faults() {
      return ratesAt(time);
    },
  });
  startShelves(simulation, from);
  startControlledOrders(simulation, from);
  startDispenses(simulation, from);
  startCloses(simulation, from);
  startOnboarding(simulation, from);
  startItemSync(simulation, from);
  startContractPrices(simulation, from);
  startLosses(simulation, from);
  startCounts(simulation, from);
  startCertificates(simulation);
  startHeartbeats(simulation, from);
  startMalformed(simulation, from);
  const { agenda, outbox } = simulation;
  for (;;) {
    while (agenda.nextAt() <= outbox.nextAt() && agenda.nextAt() <= to) {
      const next = agenda.take();
      if (next === undefined) break;
      time = next.at;
      next.value(next.at);
    }
    const dispatch = outbox.take();
    if (dispatch === undefined || dispatch.at > to) return;
    yield dispatch.value;
  }
}
