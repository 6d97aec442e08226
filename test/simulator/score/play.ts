import { event } from "@throughline/schemas/event";
import { HOUR, MINUTE } from "../demand.ts";
import { type TradeOptions, generateTrade } from "../generate-trade.ts";
import type { Dispatch } from "../simulation.ts";
import type { TruthRow } from "../truth.ts";
import type { Channel } from "./finding.ts";
import type { SeenFinding } from "./judge.ts";
import { observe } from "./observe.ts";
import { createRelations, type Relations } from "./relations.ts";
import type { ScoredTower } from "./scored-tower.ts";

export interface PlayOptions {
  trade: TradeOptions;
  /** Nothing is looked at before: what is new to a tower is not yet as it was agreed. */
  scoredFrom: number;
  /** Hours between two evaluations; a tower evaluates all the time, so this bounds how exact times of detection are. */
  stepHours: number;
  /** Evaluations between two looks at what was found. */
  stepsPerLook: number;
  onStep?: (share: number) => void;
}

/** What a tower found over a trade, and what was done to that. */
export interface Played {
  truth: TruthRow[];
  /** Each finding as it stands when it was seen last. */
  findings: SeenFinding[];
  relations: Relations;
  events: number;
}

const BATCH = 1000;
/** What is sent within it arrives at once. */
const ARRIVAL = 10 * MINUTE;
/** Channels that say themselves when they came to it; of the others it is the look. */
const DATED = new Set<Channel>(["leg", "match", "quarantine"]);

/** Plays a trade into a tower step by step by its own clock, and notes what the tower finds. */
export async function play(tower: ScoredTower, options: PlayOptions): Promise<Played> {
  const { trade, scoredFrom, stepHours, stepsPerLook, onStep } = options;
  const truth: TruthRow[] = [];
  const relations = createRelations();
  const seen = new Map<string, SeenFinding>();
  const sent = { events: 0, refused: 0 };
  const take = createTaker(generateTrade(trade));
  const step = stepHours * HOUR;
  let lastLook = scoredFrom - step;
  for (let time = trade.from + step, steps = 1; time <= trade.to; time += step, steps += 1) {
    const due = take(time);
    for (const [bucket, group] of Map.groupBy(due, ({ sendAt }) => Math.ceil(sendAt / ARRIVAL) * ARRIVAL)) {
      tower.setTime(Math.min(bucket, time));
      await send(tower, group, sent);
    }
    for (const dispatch of due)
      if (dispatch.kind === "truth") truth.push(dispatch.row);
      else if (dispatch.kind === "event") relations.add(dispatch.event);
      else if (dispatch.kind === "malformed") addRefused(relations, dispatch.body);
    tower.setTime(time);
    await tower.evaluate(sent);
    onStep?.((time - trade.from) / (trade.to - trade.from));
    if (time < scoredFrom || (steps % stepsPerLook !== 0 && time + step <= trade.to)) continue;
    for (const finding of await observe(tower, { from: scoredFrom - step, lastLook, now: time })) {
      const firstAt = seen.get(finding.key)?.firstAt ?? (DATED.has(finding.channel) ? finding.at : time);
      seen.set(finding.key, { ...finding, firstAt });
    }
    lastLook = time;
  }
  return { truth, findings: [...seen.values()], relations, events: sent.events };
}

/** What is refused would have told of its documents, as far as it can be read. */
function addRefused(relations: Relations, body: object) {
  const read = event.safeParse(body);
  if (read.success) relations.add(read.data);
}

/** Takes what is sent up to a time, as far as it was not taken before. */
function createTaker(dispatches: Generator<Dispatch, void, undefined>): (until: number) => Dispatch[] {
  let next = dispatches.next();
  return (until) => {
    const due: Dispatch[] = [];
    for (; next.done !== true && next.value.sendAt <= until; next = dispatches.next()) due.push(next.value);
    return due;
  };
}

async function send({ client }: ScoredTower, due: readonly Dispatch[], sent: { events: number; refused: number }) {
  const events = due.flatMap((dispatch) => (dispatch.kind === "event" ? [dispatch.event] : []));
  for (let start = 0; start < events.length; start += BATCH)
    await client.sendEvents(events.slice(start, start + BATCH));
  const spans = due.flatMap((dispatch) => (dispatch.kind === "spans" ? dispatch.spans : []));
  if (spans.length > 0) await client.sendSpans(spans);
  const malformed = due.flatMap((dispatch) => (dispatch.kind === "malformed" ? [dispatch.body] : []));
  for (const body of malformed) await client.sendMalformed(body);
  sent.events += events.length;
  sent.refused += malformed.length;
}
