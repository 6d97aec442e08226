import type { LoopRules } from "../loop-builder.ts";

const SUMMARY = { CTT: 1, TDS: 1, SE: 1 };
const ORDER: LoopRules = { opens: { PO1: 1, POC: 1, ACK: 2, SCH: 2 }, closes: SUMMARY };

/** The loops of the sets that are read; a set without rules stays flat. Ship notices nest by their HL segments. */
const LOOPS: ReadonlyMap<string, LoopRules> = new Map(
  Object.entries({
    "810": { opens: { IT1: 1 }, closes: SUMMARY },
    "820": { opens: { ENT: 1, RMR: 2 }, closes: SUMMARY },
    "824": { opens: { OTI: 1, TED: 2 }, closes: SUMMARY },
    "832": { opens: { LIN: 1, CTP: 2 }, closes: SUMMARY },
    "846": { opens: { LIN: 1, QTY: 2 }, closes: SUMMARY },
    "850": ORDER,
    "852": { opens: { N1: 1, LIN: 2, ZA: 3, QTY: 3 }, closes: SUMMARY },
    "855": ORDER,
    "856": { opens: {}, closes: SUMMARY },
    "860": ORDER,
    "861": { opens: { RCD: 1 }, closes: SUMMARY },
    "865": ORDER,
    "867": { opens: { PTD: 1, QTY: 2 }, closes: SUMMARY },
    "997": { opens: { AK2: 1, AK3: 2 }, closes: { AK5: 2, AK9: 1, SE: 1 } },
    "999": { opens: { AK2: 1, IK3: 2 }, closes: { IK5: 2, AK9: 1, SE: 1 } },
  }),
);

const FLAT: LoopRules = { opens: {}, closes: {} };

export function findLoopRules(set: string): LoopRules {
  return LOOPS.get(set) ?? FLAT;
}
