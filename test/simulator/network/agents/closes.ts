import { businessHours } from "../../business-hours.ts";
import { CLOSE_STEPS, toWeek } from "../../closes.ts";
import { DAY, HOUR, MINUTE, findNextLocal, toLocalWeekday } from "../../demand.ts";
import { ERP } from "../../sources.ts";
import { writePosting } from "../native/write-documents.ts";
import type { Desk } from "./agent.ts";
import { type World, toIso } from "./world.ts";

const MONDAY = 1;
const HURRY = 15 * MINUTE;

interface Books {
  site: string;
  company: string;
}

/**
 * The books of each hospital are closed every week: cut off on Monday, complete some hours later, then reconciled, accrued, approved and
 * locked by people in their hours of work. Where somebody is in a hurry, they are locked before they are complete.
 */
export function startCloses(desk: Desk, world: World): void {
  for (const [index, { id: site }] of world.catalogue.sites.entries())
    awaitCutOff(desk, world, { site, company: `${index + 1}000` });
}

function awaitCutOff(desk: Desk, world: World, books: Books): void {
  desk.at(findNextLocal(desk.now(), 0, 0), () => {
    awaitCutOff(desk, world, books);
    if (toLocalWeekday(desk.now()) === MONDAY) close(desk, world, books);
  });
}

function close(desk: Desk, world: World, { site, company }: Books): void {
  const period = `${company}/${toWeek(desk.now() - DAY)}`;
  const random = world.random(`close/${period}`);
  const outages = world.incident("outage", ERP);
  const say = (verb: string) => {
    const id = `C-${period}-${verb}`;
    const text = writePosting({ event: `period.${verb}`, id, at: toIso(desk.now()), site, period, kind: "week" });
    desk.say({ format: "json", text, source: ERP, objects: [["period", period]] });
  };
  const takeStep = (step: number): void => {
    const next = CLOSE_STEPS[step];
    if (next === undefined) return;
    const [verb, least, usual, most] = next;
    const workedAt = businessHours.add(desk.now(), Math.round(random.around(least, usual, most) * HOUR));
    desk.at(outages.postpone(workedAt), () => {
      say(verb);
      takeStep(step + 1);
    });
  };
  say("cut_off");
  if (world.incident("closed-early", company).find(desk.now()) === undefined)
    return desk.at(outages.postpone(desk.now() + random.around(1, 4, 9) * HOUR), () => {
      say("feeds_completed");
      takeStep(0);
    });
  for (const [index, [verb]] of CLOSE_STEPS.entries()) desk.at(desk.now() + (index + 1) * HURRY, () => say(verb));
  const completeAt = Math.round(desk.now() + random.between(3, 9) * HOUR);
  desk.at(completeAt, () => say("feeds_completed"));
  desk.note({
    kind: "closed-early",
    onset: toIso(desk.now()),
    end: toIso(completeAt),
    objects: [{ type: "period", id: period }],
    events: [],
    expected: { finding: "The close is out of sequence." },
  });
}
