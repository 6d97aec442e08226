import { createAgenda } from "../agenda.ts";
import { MINUTE } from "../demand.ts";
import type { TruthRow } from "../truth.ts";
import { type Agent, type Fault, type Utterance, noDeeds } from "./agents/agent.ts";
import { type World, toIso } from "./agents/world.ts";
import { damage } from "./native/damage.ts";

/** What a fault on the way does to a document: how often it is heard, how much later, and what is left of it. */
interface Passage {
  kind: Extract<TruthRow["kind"], "lost" | "doubled" | "out-of-order" | "corrupted"> | undefined;
  heard: readonly { afterMs: number; text: string }[];
}

const FINDINGS: Record<NonNullable<Passage["kind"]>, string> = {
  lost: "What it would have told is missing.",
  doubled: "The second copy is counted as a duplicate and changes no figure.",
  "out-of-order": "It arrives behind what followed it.",
  corrupted: "It is kept as a document that nobody can read, and what it would have told is missing.",
};
/** What takes no way on which something could happen to it: calls of services, jobs, and rows that are read in a transaction. */
const SAFE = new Set<Utterance["format"]>(["sdk", "job", "row"]);

/**
 * A system with the way that its documents take to the tower, on which they may be lost, held back, doubled or damaged, as a scenario has
 * it. What other systems are sent is not struck, so that business goes on and only the word of it is wrong.
 */
export function withWay(agent: Agent, world: World, id: string): Agent {
  const onTheWay = createAgenda<Utterance>();
  let count = 0;
  return {
    answer: (call, now) => agent.answer(call, now),
    nextAt: () => Math.min(agent.nextAt(), onTheWay.nextAt()),
    act: async (now, mail) => {
      const deeds = await agent.act(now, mail);
      const faults = [...deeds.faults];
      for (const utterance of deeds.utterances) {
        count += 1;
        const held = holdBack(world, utterance.source, now);
        const passage = pass(world, utterance, `${id}/${count}`);
        for (const { afterMs, text } of passage.heard)
          onTheWay.add(Math.max(held, now + afterMs), { ...utterance, text });
        if (passage.kind !== undefined)
          faults.push(toFault(passage.kind, utterance, passage.heard.at(-1)?.afterMs ?? 0));
      }
      const utterances: Utterance[] = [];
      while (onTheWay.nextAt() <= now) {
        const next = onTheWay.take();
        if (next !== undefined) utterances.push({ ...next.value, at: next.at });
      }
      return { ...noDeeds(), ...deeds, utterances, faults };
    },
  };
}

/** Until when nothing of a source is heard, since it is down, its collector is dead, or its queue is stuck. */
function holdBack(world: World, source: string, now: number): number {
  const down = world.incident("outage", source).postpone(now);
  const dead = world.incident("collector-dead", source).postpone(down);
  return world.incident("stuck-queue", source).postpone(dead);
}

function pass(world: World, { at, format, text }: Utterance, name: string): Passage {
  const rates = world.ratesAt(at);
  const random = world.random(`way/${name}`);
  const usual = { afterMs: 0, text };
  if (SAFE.has(format)) return { kind: undefined, heard: [usual] };
  if (random.isHit(rates.lost)) return { kind: "lost", heard: [] };
  if (random.isHit(rates.corrupted))
    return { kind: "corrupted", heard: [{ afterMs: 0, text: damage(format, text, random) }] };
  if (random.isHit(rates.doubled))
    return { kind: "doubled", heard: [usual, { afterMs: Math.round(random.between(1, 15) * MINUTE), text }] };
  if (random.isHit(rates.outOfOrder))
    return { kind: "out-of-order", heard: [{ afterMs: Math.round(random.between(50, 110) * MINUTE), text }] };
  return { kind: undefined, heard: [usual] };
}

function toFault(kind: NonNullable<Passage["kind"]>, { at, objects }: Utterance, lastsMs: number): Fault {
  return {
    kind,
    onset: toIso(at),
    end: lastsMs === 0 ? null : toIso(at + lastsMs),
    objects: objects.map(([type, id]) => ({ type, id })),
    events: [],
    expected: { finding: FINDINGS[kind] },
  };
}
