import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HOUR } from "../demand.ts";
import type { Agent, Fault, Utterance } from "./agents/agent.ts";
import { createWorld } from "./agents/world.ts";
import { type Performer, conduct } from "./conduct.ts";
import { parseScenario } from "./scenario.ts";
import { openSystem, SYSTEMS } from "./systems.ts";

/** When it begins. */
export const FROM = Date.parse("2026-03-16T12:00:00Z");

export interface PlayedNetwork {
  words: (Utterance & { system: string })[];
  faults: Fault[];
}

/** What the systems of a network say in some hours, led through time in one process. */
export async function playNetwork(
  text: string,
  { seed, hours }: { seed: number; hours: number },
): Promise<PlayedNetwork> {
  const world = createWorld(parseScenario({ path: "scenario.yaml", text }), { seed, from: FROM });
  const agents = new Map<string, Agent>();
  const words: PlayedNetwork["words"] = [];
  let time = FROM;
  const call = async (to: string, made: { path: string; body: string }) => {
    const answer = agents.get(to)?.answer(made, time);
    if (answer === undefined) throw new Error(`no system ${to}`);
    return answer;
  };
  const performers = SYSTEMS.map((system): Performer => {
    const agent = openSystem(system, world, call);
    agents.set(system.id, agent);
    const performer: Performer = {
      id: system.id,
      nextAt: agent.nextAt(),
      step: async (now, mail) => {
        time = now;
        const { utterances, ...deeds } = await agent.act(now, mail);
        words.push(...utterances.map((utterance) => ({ ...utterance, system: system.id })));
        return { ...deeds, nextAt: agent.nextAt() };
      },
    };
    return performer;
  });
  const faults = await conduct(performers, { until: FROM + hours * HOUR });
  return { words, faults };
}

export function readScenario(name: string): string {
  return readFileSync(join(import.meta.dirname, "../scenarios", name), "utf8");
}
