import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventRow } from "../queries/event-row.ts";
import { foldEvents } from "./fold-events.ts";

const texts = {
  type: "a.b.c",
  domain: "a",
  site: "",
  subject: "",
  outcome: "",
  error: "",
  reason: "",
  reverses: "",
  attributes: "",
};
const lists = {
  object_types: [],
  object_ids: [],
  object_roles: [],
  measure_names: [],
  measure_values: [],
  measure_units: [],
  measure_currencies: [],
};

const row = fc
  .record({
    id: fc.constantFrom("x", "y"),
    revision: fc.nat(2),
    digest: fc.constantFrom("a", "b"),
    position: fc.nat(1000),
  })
  .map(({ id, revision, digest, position }): EventRow => ({
    ...texts,
    ...lists,
    log: "g",
    position_text: String(position),
    arrived_at: new Date(position).toISOString(),
    source: "s",
    id,
    identity_text: id,
    revision,
    digest_hex: digest,
    time: "2026-01-01T00:00:00.000Z",
    imprecise_ms: 0,
    attempt: 0,
    trace_id: "",
    span_id: "",
    sequence: -1,
  }));
const rows = fc.uniqueArray(row, { selector: ({ position_text: position }) => position, minLength: 1, maxLength: 12 });

test("lets one statement of each identity count, whatever the order of arrival, and loses none", () => {
  fc.assert(
    fc.property(rows, (events) => {
      const folded = foldEvents(events);
      for (const id of new Set(events.map((event) => event.id)))
        expect(folded.filter((event) => event.id === id && event.standing === "counts")).toHaveLength(1);
      expect(folded.reduce((sum, { duplicates }) => sum + 1 + duplicates, 0)).toBe(events.length);
      expect(foldEvents([...events, ...events].toReversed())).toEqual(folded);
    }),
  );
});

test("lets the highest revision count, and of its contents the smallest digest", () => {
  fc.assert(
    fc.property(rows, (events) => {
      for (const event of foldEvents(events)) {
        const same = events.filter(({ id }) => id === event.id);
        const top = Math.max(...same.map(({ revision }) => revision));
        expect(event.standing === "superseded").toBe(event.revision < top);
        const contents = new Set(
          same.filter(({ revision }) => revision === event.revision).map(({ digest_hex: digest }) => digest),
        );
        expect(event.isConflict).toBe(contents.size > 1);
      }
    }),
  );
});
