import { createTeller } from "../history.ts";

const cabinet = createTeller("/cabinet/north");
const erp = createTeller("/erp/group");

const toDispense = (number: number) => ({ dispense: `north/d${number}` });
const toMovement = (number: number) => ({ stock_movement: `m${number}` });

/** A dispense as it should be, up to its valuation on the same day. */
function dispense(number: number, valuedAt = "2026-03-02 14:05") {
  return [
    cabinet("2026-03-02 14:00:00", "pharmacy.dispense.recorded", toDispense(number)),
    cabinet("2026-03-02 14:00:40", "pharmacy.stock.decremented", { ...toDispense(number), ...toMovement(number) }),
    erp(valuedAt, "erp.stock_movement.valued", toMovement(number)),
  ];
}

/** The run of a night over some movements. */
function run(day: string, numbers: readonly number[], id = `batch-${day}`) {
  const batch = { posting_batch: `1000/D-${day}` };
  const movements = { stock_movement: numbers.map((number) => `m${number}`) };
  return [
    erp(`${day} 02:10`, "erp.posting_batch.closed", { ...batch, ...movements }, { id }),
    erp(
      `${day} 04:00`,
      "erp.journal_entry.posted",
      { ...batch, journal_entry: `1000/${day}` },
      { id: `journal-${id}` },
    ),
  ];
}

export const dispenses = [
  ...dispense(1),
  ...dispense(2, "2026-03-04 10:00"),
  ...dispense(3),
  ...dispense(4),
  erp("2026-03-02 14:05", "erp.stock_movement.valued", toMovement(2), { outcome: "failed" }),
  ...run("2026-03-03", [1, 3, 4]),
  ...run("2026-03-05", [2]),
  // The night's batch is replayed, once under its own name and once under a new one.
  ...run("2026-03-03", [1, 3, 4]),
  ...run("2026-03-03", [1, 3, 4], "replayed").map((fact) => ({ ...fact, time: fact.time + 86_400_000 })),
  cabinet("2026-03-02 15:00", "pharmacy.dispense.returned", toDispense(3)),
  cabinet("2026-03-02 15:00", "pharmacy.dispense.wasted", toDispense(4)),
  erp("2026-03-03 10:00", "erp.stock_movement.reversed", toMovement(4)),
];
