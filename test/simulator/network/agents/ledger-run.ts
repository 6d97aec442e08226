import { MINUTE, findNextLocal } from "../../demand.ts";
import { LEDGER_RUN } from "../../ledger-run.ts";
import { ERP } from "../../sources.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { type World, toIso } from "./world.ts";

const RUN_HOUR = 2;

/** The nightly job: it has the general ledger post what was valued. On a night without it everything waits for the next one. */
export function openLedgerRun(desk: Desk, world: World): Behaviour {
  const source = `/jobs/${LEDGER_RUN}`;
  const awaitNight = () => {
    desk.at(findNextLocal(desk.now(), RUN_HOUR, 10), () => {
      awaitNight();
      const missed = world.incident("job-not-run", LEDGER_RUN).find(desk.now());
      if (missed === undefined) desk.at(world.incident("outage", ERP).postpone(desk.now()), run);
      else noteMissed(missed);
    });
  };
  const noteMissed = (missed: { start: number; end: number }) =>
    desk.note({
      kind: "job-not-run",
      onset: toIso(missed.start),
      end: toIso(missed.end),
      objects: [{ type: "interface", id: source }],
      events: [],
      expected: { finding: "The batch of the job is missing; what it should have posted waits." },
    });
  const run = () => {
    const id = `${LEDGER_RUN}/${toIso(desk.now()).slice(0, 10)}`;
    desk.say({ format: "job", text: id, source, objects: [["job_run", id]] });
    desk.at(desk.now() + MINUTE, () => desk.send("general-ledger", "run", id));
  };
  awaitNight();
  return {};
}
