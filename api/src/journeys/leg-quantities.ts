import type { Flow } from "@throughline/schemas/pack/flow";
import type { EventRow } from "../queries/event-row.ts";
import type { VerdictRow } from "../queries/list-verdicts-of-leg.ts";

/** An event may have arrived shortly before a verdict that was given without it. */
const READ_LAG_MS = 60_000;

const DOUBTS: ReadonlySet<string> = new Set(["quantity-unknown", "unit-unknown"]);

/** The flags of a verdict without those that say why it is not known how much came. */
export function listOtherFlags({ flags }: Pick<VerdictRow, "flags">): string[] {
  return flags.filter((flag) => !DOUBTS.has(flag));
}

/** True when a leg that ends by quantity ends elsewhere than before, or when it is known otherwise how much came. */
export function isRecounted(before: VerdictRow | undefined, row: VerdictRow, flow: Flow | undefined): boolean {
  if (before === undefined || !flow?.legs.some(({ id, completion }) => id === row.leg && completion !== undefined))
    return false;
  const toText = (verdict: VerdictRow) => [
    verdict.end_log,
    verdict.end_log === "" ? "" : verdict.end_at,
    ...verdict.flags.filter((flag) => DOUBTS.has(flag)),
  ];
  return toText(before).join() !== toText(row).join();
}

/** The newest event between two verdicts of which such a leg counts the quantity; none where something else was said. */
export function findCounted(
  before: VerdictRow,
  row: VerdictRow,
  { flow, around }: { flow: Flow | undefined; around: readonly EventRow[] },
): EventRow | undefined {
  const leg = flow?.legs.find(({ id }) => id === row.leg);
  const reached = [leg?.from, leg?.to].flatMap((id) => (id === undefined ? [] : (flow?.milestones[id]?.events ?? [])));
  const stating = flow?.changes.filter(({ quantity }) => quantity !== undefined && quantity === leg?.from) ?? [];
  const types = new Set([...reached, ...stating.flatMap(({ events }) => events)].map(({ type }) => type));
  const since = new Date(Date.parse(before.evaluated_at) - READ_LAG_MS).toISOString();
  return around
    .filter(({ type, arrived_at: at }) => types.has(type) && at > since && at <= row.evaluated_at)
    .toSorted((a, b) => (a.arrived_at < b.arrived_at ? 1 : -1))[0];
}
