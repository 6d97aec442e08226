import { BATCH_TYPE } from "@throughline/schemas/event";
import { MINUTE, SECOND, findNextLocal } from "./demand.ts";
import { noteOnce } from "./incidents.ts";
import type { Simulation } from "./simulation.ts";
import { ERP } from "./sources.ts";

/** The job that posts to the ledger, as the observer of jobs names it. */
export const LEDGER_RUN = "ledger-run";
/** The night's run stands after one o'clock and before three in the hospitals' zone, in winter and in summer. */
const RUN_HOUR = 2;

interface Books {
  closeBatches(now: number): void;
  /** Movements that the next run takes. */
  listWaiting(): string[];
}

/** Each night a job posts what was valued. On a night without it everything waits for the next one. */
export function awaitLedgerRun(simulation: Simulation, books: Books, now: number) {
  simulation.schedule(findNextLocal(now, RUN_HOUR, 10), (at) => {
    awaitLedgerRun(simulation, books, at);
    const missed = simulation.incident("job-not-run", LEDGER_RUN).find(at);
    if (missed !== undefined) return noteMissed(simulation, { books, incident: missed, at });
    const startedAt = Math.round(simulation.outages(ERP).postpone(at));
    simulation.schedule(startedAt, (time) => run(simulation, books, time));
  });
}

function noteMissed(
  simulation: Simulation,
  { books, incident, at }: { books: Books; incident: { start: number; end: number }; at: number },
) {
  const waiting = books.listWaiting().map((id) => ({ type: "stock_movement", id }));
  const finding = "The batch of the job is missing; what it should have posted waits.";
  noteOnce(simulation, { kind: "job-not-run", of: `/jobs/${LEDGER_RUN}`, incident, at }, { finding, objects: waiting });
}

function run(simulation: Simulation, books: Books, now: number) {
  const from = { source: `/jobs/${LEDGER_RUN}`, site: "" };
  const runId = `${LEDGER_RUN}/${simulation.number("ledger-run", 4)}`;
  const objects = [["interface", LEDGER_RUN] as const, ["job_run", runId] as const];
  simulation.send(now, { ...from, type: "operations.job.started", objects });
  books.closeBatches(now);
  const finishedAt = Math.round(now + simulation.random(runId).around(2, 4, 15) * MINUTE);
  simulation.schedule(finishedAt, (at) => {
    const attributes = { duration_ms: at - now, exit_code: 0 };
    simulation.send(at, { ...from, type: "operations.job.finished", objects, attributes });
    const attributesOfBatch = { name: LEDGER_RUN, watermark: new Date(at).toISOString() };
    const batch = { ...from, type: BATCH_TYPE, objects: [], attributes: attributesOfBatch };
    simulation.schedule(at + 5 * SECOND, (later) => simulation.send(later, batch));
  });
}
