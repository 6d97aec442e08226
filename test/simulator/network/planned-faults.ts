import { toDurationMs } from "../../../collector/src/edge/run/duration-ms.ts";
import type { Fault } from "./agents/agent.ts";
import { toIso } from "./agents/world.ts";
import type { Scenario } from "./scenario.ts";

const FINDINGS: Partial<Record<Scenario["faults"][number]["kind"], string>> = {
  outage: "The source is silent; its work is done when it is back.",
  "collector-dead": "The source is silent; nothing of it is late when it is heard again.",
  "clock-drift": "A clock is ahead: what it says of a time that has not come is refused.",
  "stuck-queue": "What waited arrives behind the watermark of its feed.",
};

/** What a scenario does to whole systems until a time, as the truth of it; what strikes single documents is told by those. */
export function listPlannedFaults({ faults }: Scenario, { from, until }: { from: number; until: number }): Fault[] {
  return faults.flatMap((fault) => {
    const finding = FINDINGS[fault.kind];
    if (finding === undefined || !("of" in fault)) return [];
    const start = from + toDurationMs(fault.after);
    if (start > until) return [];
    return [
      {
        kind: fault.kind,
        onset: toIso(start),
        end: toIso(start + toDurationMs(fault.lasts)),
        objects: [{ type: "interface", id: fault.of }],
        events: [],
        expected: { finding },
      },
    ];
  });
}
