import type { Deeds, Fault, Mail } from "./agents/agent.ts";

/** A system as it is led through time: what it does in a step, and when its next one is due. */
export interface Performer {
  id: string;
  nextAt: number;
  step(now: number, mail: readonly Mail[]): Promise<Pick<Deeds, "mail" | "faults" | "called"> & { nextAt: number }>;
}

export interface Led {
  until: number;
  /** Waits until it is time for what happens at a moment. */
  awaitTime?: (at: number) => Promise<void>;
  signal?: AbortSignal;
}

/**
 * Leads systems through time, each step at the moment at which it is due, one after the other: what a system is sent it reads before
 * anything happens later. So the same systems do the same, however fast their processes are. Returns the faults in the order in which they struck.
 */
export async function conduct(performers: readonly Performer[], { until, awaitTime, signal }: Led): Promise<Fault[]> {
  const faults: Fault[] = [];
  const mail = new Map<string, Mail[]>(performers.map(({ id }) => [id, []]));
  const woken = new Set<string>();
  let now = -Infinity;
  const dueAt = ({ id, nextAt }: Performer) => (woken.has(id) || (mail.get(id)?.length ?? 0) > 0 ? now : nextAt);
  for (;;) {
    if (signal?.aborted === true) break;
    const [first] = performers.toSorted((a, b) => dueAt(a) - dueAt(b));
    if (first === undefined || dueAt(first) > until) break;
    now = Math.max(now, dueAt(first));
    await awaitTime?.(now);
    const box = mail.get(first.id) ?? [];
    mail.set(first.id, []);
    woken.delete(first.id);
    const deeds = await first.step(now, box);
    first.nextAt = deeds.nextAt;
    faults.push(...deeds.faults);
    for (const id of deeds.called) woken.add(id);
    for (const { to, ...letter } of deeds.mail) mail.get(to)?.push(letter);
  }
  return faults;
}
