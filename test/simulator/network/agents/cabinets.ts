import type { Shelf } from "../../catalogue.ts";
import { findTimeOfDemand } from "../../demand.ts";
import { writeDispense } from "../native/write-documents.ts";
import { goods } from "../native/notes.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { type World, toFirstStock, toShelfId } from "./world.ts";

/** Days of use that a nurse takes at once, least and most. */
const ROUND = [0.15, 0.5] as const;

/** Cabinets on the wards: nurses draw on them as long as there is something in them, and each time they say so. */
export function openCabinets(desk: Desk, world: World): Behaviour {
  const stock = new Map(world.catalogue.shelves.map((shelf) => [toShelfId(shelf), toFirstStock(world, shelf)]));
  const awaitRound = (shelf: Shelf) => {
    const id = toShelfId(shelf);
    const random = world.random(`round/${id}/${desk.now()}`);
    const days = random.between(...ROUND);
    desk.at(findTimeOfDemand(desk.now(), days, world.pace), () => {
      const onHand = stock.get(id) ?? 0;
      const pieces = Math.min(onHand, Math.max(1, Math.round(shelf.dailyUse * days)));
      stock.set(id, onHand - pieces);
      if (pieces > 0) dispense(desk, { shelf, pieces, token: random.hex(16) });
      awaitRound(shelf);
    });
  };
  for (const shelf of world.catalogue.shelves) awaitRound(shelf);
  return {
    hear: ({ text }) => {
      const { shelf, pieces } = goods.parse(JSON.parse(text));
      stock.set(shelf, (stock.get(shelf) ?? 0) + pieces);
    },
  };
}

function dispense(desk: Desk, { shelf, pieces, token }: { shelf: Shelf; pieces: number; token: string }) {
  const { site, location, item } = shelf;
  const text = writeDispense({ site: site.id, location, item: item.id, pieces, token, at: desk.now() });
  desk.say({ format: "hl7v2", text, source: `/cabinet/${site.id}`, objects: [["item", item.id]] }, ["pharmacy"]);
}
