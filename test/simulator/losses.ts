import { businessHours } from "./business-hours.ts";
import type { Site } from "./catalogue.ts";
import { DAY, HOUR, MINUTE, findNextLocal } from "./demand.ts";
import { strikeLate } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";
import { PHARMACY_DESK } from "./sources.ts";

/** Days between the discoveries of two cases, at least and at most. */
const EVERY_DAYS = [1, 4] as const;
const EXPLAINED_SHARE = 0.2;
/** Cases are few; so that some go wrong, they do it this many times as often as other steps. */
const FAULTS_MORE_OFTEN = 6;
const COUNT_HOUR = 10;

interface LossCase {
  /** site / case. */
  id: string;
  site: Site;
  random: Random;
}

/** Now and then the count of a vault does not come out, and a person says that the loss is significant. */
export function startLosses(simulation: Simulation, now: number) {
  awaitLoss(simulation, simulation.random("losses"), now);
}

function awaitLoss(simulation: Simulation, random: Random, now: number) {
  const countedAt = findNextLocal(now + random.whole(...EVERY_DAYS) * DAY, COUNT_HOUR, 0);
  simulation.schedule(businessHours.add(countedAt, MINUTE), (at) => {
    awaitLoss(simulation, random, at);
    discover(simulation, random.pick(simulation.catalogue.sites), at);
  });
}

function discover(simulation: Simulation, site: Site, now: number) {
  const controlled = simulation.catalogue.shelves.filter((shelf) => shelf.site === site && shelf.item.isControlled);
  if (controlled.length === 0) return;
  const number = simulation.number("loss", 3);
  const loss = { id: `${site.id}/L-${number}`, site, random: simulation.random(`loss/${number}`) };
  const { item, location } = loss.random.pick(controlled);
  simulation.send(now, {
    type: "pharmacy.controlled_loss.discovered",
    source: PHARMACY_DESK,
    site: site.id,
    objects: [
      ["loss_case", loss.id],
      ["item", item.id],
      ["location", `${site.id}/${location}`],
    ],
    attributes: { kind: loss.random.isHit(0.3) ? "theft" : "loss" },
    measures: { quantity: { value: String(loss.random.whole(1, 12)), unit: "EA" } },
  });
  if (loss.random.isHit(EXPLAINED_SHARE)) explain(simulation, loss, now);
  else giveNotice(simulation, loss, now);
}

/** The missing doses turn up before anybody had to write. */
function explain(simulation: Simulation, loss: LossCase, discoveredAt: number) {
  const explainedAt = businessHours.add(discoveredAt, Math.round(loss.random.around(1, 3, 7) * HOUR));
  simulation.schedule(explainedAt, (at) =>
    send(simulation, { loss, verb: "explained", attributes: COUNTED_WRONG }, at),
  );
}

const COUNTED_WRONG = { cause: "counted wrong" };

/** The written notice is due by the end of the next working day, the form within 45 days. */
function giveNotice(simulation: Simulation, loss: LossCase, discoveredAt: number) {
  const { random } = loss;
  const isLate = random.isHit(simulation.options.faults.late * FAULTS_MORE_OFTEN);
  const notifiedAt = businessHours.add(
    discoveredAt,
    Math.round((isLate ? random.between(20, 26) : random.around(1, 3, 8)) * HOUR),
  );
  if (isLate)
    strikeLate(simulation, {
      onset: discoveredAt,
      end: notifiedAt,
      object: ["loss_case", loss.id],
      leg: "controlled-substance-loss/notice",
    });
  simulation.schedule(notifiedAt, (at) => send(simulation, { loss, verb: "notified" }, at));
  const reportedAt = businessHours.add(notifiedAt, Math.round(random.around(6, 18, 60) * HOUR));
  const attributes = { confirmation: `106-${random.hex(8).toUpperCase()}` };
  simulation.schedule(reportedAt, (at) => send(simulation, { loss, verb: "reported", attributes }, at));
}

function send(
  simulation: Simulation,
  told: { loss: LossCase; verb: string; attributes?: Record<string, string> },
  now: number,
) {
  const { loss, verb, attributes } = told;
  simulation.send(now, {
    type: `pharmacy.controlled_loss.${verb}`,
    source: PHARMACY_DESK,
    site: loss.site.id,
    objects: [["loss_case", loss.id]],
    ...(attributes === undefined ? {} : { attributes }),
  });
}
