import type { Shelf } from "./catalogue.ts";
import { DAY, findTimeOfDemand } from "./demand.ts";
import type { Random } from "./random.ts";
import { requestReplenishment } from "./requisitions.ts";
import type { Simulation } from "./simulation.ts";

interface ShelfState {
  shelf: Shelf;
  /** Pieces, at the last fall or filling. */
  onHand: number;
  episodes: number;
  random: Random;
}

/** Fills the shelves as on any other morning and lets the wards draw on them. */
export function startShelves(simulation: Simulation, now: number) {
  for (const shelf of simulation.catalogue.shelves) {
    const random = simulation.random(`shelf/${shelf.site.id}/${shelf.location}/${shelf.item.id}`);
    const onHand = Math.round(random.between(shelf.par + 1, shelf.capacity));
    awaitFall(simulation, { shelf, onHand, episodes: 0, random }, now);
  }
}

function awaitFall(simulation: Simulation, state: ShelfState, now: number) {
  const { shelf, onHand, random } = state;
  const days = (Math.max(0, onHand - shelf.par) / shelf.dailyUse + 0.02) * random.between(0.85, 1.15);
  const at = findTimeOfDemand(now, days, simulation.options.pace);
  simulation.schedule(at, (fellAt) => fallBelowPar(simulation, state, fellAt));
}

function fallBelowPar(simulation: Simulation, state: ShelfState, fellAt: number) {
  const { shelf, random } = state;
  const onHand = Math.max(0, shelf.par - random.whole(1, Math.max(1, Math.ceil(shelf.par / 20))));
  const packs = Math.max(1, Math.ceil((shelf.capacity - onHand) / shelf.item.packSize));
  state.episodes += 1;
  const episode = `${simulation.era}${String(state.episodes).padStart(2, "0")}`;
  const id = `${shelf.site.id}/${shelf.location}/${shelf.item.id}/${episode}`;
  let isOpen = true;
  const fill = (now: number) => {
    if (!isOpen) return;
    isOpen = false;
    const left = Math.max(0, Math.round(onHand - ((now - fellAt) / DAY) * shelf.dailyUse));
    awaitFall(simulation, Object.assign(state, { onHand: left + packs * shelf.item.packSize }), now);
  };
  const isCritical = shelf.item.isCritical;
  requestReplenishment(simulation, {
    id,
    shelf,
    random: simulation.random(`replenishment/${id}`),
    fellAt,
    onHand,
    packs,
    isCritical,
    fill,
  });
}
