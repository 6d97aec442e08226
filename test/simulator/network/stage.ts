import { toDurationMs } from "../../../collector/src/edge/run/duration-ms.ts";
import type { TradeOptions } from "../generate-trade.ts";
import type { Outage } from "../outages.ts";
import type { IncidentKind } from "../incidents.ts";
import { type FaultRates, NO_FAULTS } from "../truth.ts";
import type { Scenario, ScenarioFault } from "./scenario.ts";

/** Which rate a kind of fault sets while it lasts. */
const RATES = {
  lost: "lost",
  late: "late",
  doubled: "doubled",
  "out-of-order": "outOfOrder",
  "wrong-unit": "wrongUnit",
  "price-change": "priceChange",
  "over-quantity": "overQuantity",
  "double-entry": "doubleEntry",
  corrupted: "corrupted",
  "missing-receipt": "missingReceipt",
  "wrong-item": "wrongItem",
  "wrong-vendor": "wrongVendor",
} as const satisfies Partial<Record<ScenarioFault["kind"], keyof FaultRates>>;

/** The trade that a scenario describes, from a beginning on, without its end. */
export function toTrade({ network, faults }: Scenario, from: number) {
  const windows = faults.map((fault) => ({ fault, ...toWindow(fault, from) }));
  const ratesAt = (now: number): FaultRates =>
    Object.assign({ ...NO_FAULTS }, ...windows.filter((window) => isIn(window, now)).map(({ fault }) => toRate(fault)));
  const incidents = (kind: IncidentKind, of: string): Outage[] =>
    windows
      .filter(({ fault }) => fault.kind === kind && "of" in fault && fault.of === of)
      .toSorted((a, b) => a.start - b.start);
  const { pace, ...size } = network;
  return {
    from,
    ...size,
    pace: () => pace,
    faults: ratesAt,
    incidents,
  } satisfies Omit<TradeOptions, "seed" | "to">;
}

function toRate(fault: ScenarioFault): Partial<FaultRates> {
  if (fault.kind === "malformed") return { malformedDays: fault.everyDays };
  return "share" in fault ? { [RATES[fault.kind]]: fault.share } : {};
}

function toWindow({ after, lasts }: ScenarioFault, from: number): Outage {
  const start = from + toDurationMs(after);
  return { start, end: start + toDurationMs(lasts) };
}

function isIn({ start, end }: Outage, now: number): boolean {
  return start <= now && now < end;
}
