import type { Shelf } from "./catalogue.ts";
import { DAY, HOUR, MINUTE, findNextLocal } from "./demand.ts";
import { strikeTheft } from "./faults.ts";
import type { EventDraft, Simulation } from "./simulation.ts";

const COUNT_HOUR = 23;
const AT_FIRST = 400;

/** What moves the pieces on a shelf, and in which direction. */
const MOVES: Readonly<Record<string, 1 | -1>> = {
  "pharmacy.stock.refilled": 1,
  "pharmacy.dispense.recorded": -1,
  "pharmacy.dispense.returned": 1,
};

/** Every night the controlled substances are counted, shelf by shelf. */
export function startCounts(simulation: Simulation, now: number) {
  const shelves = simulation.catalogue.shelves.filter(({ item }) => item.isControlled);
  shelves.forEach((shelf, index) => awaitCount(simulation, { shelf, minute: index % 40 }, now));
}

/** Keeps the books of the shelves: what is told of them is what is there, unless somebody takes from it. */
export function bookMove({ books }: Simulation, { type, objects, measures }: EventDraft) {
  const sign = MOVES[type];
  if (sign === undefined) return;
  const idOf = (wanted: string) => objects.find(([name]) => name === wanted)?.[1] ?? "";
  const key = `${idOf("location")} ${idOf("item")}`;
  books.set(key, (books.get(key) ?? AT_FIRST) + sign * Number(measures?.["quantity"]?.value ?? 0));
}

function awaitCount(simulation: Simulation, made: { shelf: Shelf; minute: number }, now: number) {
  const usualAt = findNextLocal(now, COUNT_HOUR, made.minute);
  simulation.schedule(usualAt, (at) => {
    awaitCount(simulation, made, at);
    count(simulation, made.shelf, at);
  });
}

function count(simulation: Simulation, { site, location, item }: Shelf, now: number) {
  const place = `${site.id}/${location}`;
  const key = `${place} ${item.id}`;
  const theft = simulation.incident("theft", place).find(now - DAY + HOUR);
  const isTaken = theft !== undefined && !simulation.noted.has(`theft/${place}/${theft.start}`);
  const inBooks = simulation.books.get(key) ?? AT_FIRST;
  const onHand = isTaken ? inBooks - 1 : inBooks;
  simulation.books.set(key, onHand);
  simulation.send(now, {
    type: "pharmacy.stock.counted",
    source: `/cabinet/${site.id}`,
    site: site.id,
    objects: [
      ["item", item.id],
      ["location", place],
    ],
    attributes: { controlled: true },
    measures: { on_hand: { value: String(onHand), unit: "EA" } },
  });
  if (!isTaken) return;
  simulation.noted.add(`theft/${place}/${theft.start}`);
  strikeTheft(simulation, { at: Math.max(theft.start, now - 30 * MINUTE), foundAt: now, place, item: item.id });
}
