import { expect, test } from "vitest";
import { type ExcuseDraft, listFaults, sayCovered, toFaults, toNewExcuse } from "./excuse-text.ts";

const CHICAGO = "America/Chicago";
const NOTHING = { flow: "", leg: "", site: "", supplier: "", source: "" };
const draft: ExcuseDraft = {
  ...NOTHING,
  kind: "excuse",
  from: "2026-03-01T20:00",
  until: "2026-03-02T02:00",
  reason: "ERP release",
};
const names = { flowOf: (flow: string) => flow.toUpperCase(), legOf: (_: string, leg: string) => `leg ${leg}` };

test("says which legs a window is for", () => {
  expect(sayCovered(NOTHING, names)).toBe("All legs");
  expect(sayCovered({ ...NOTHING, flow: "p2p", site: "north" }, names)).toBe("All legs of P2P, at north");
  expect(sayCovered({ flow: "p2p", leg: "ack", site: "", supplier: "ACME", source: "/erp" }, names)).toBe(
    "leg ack (P2P), from ACME, ended by /erp",
  );
});

test("finds what is wrong with a draft", () => {
  expect(listFaults(draft, CHICAGO)).toEqual({});
  expect(Object.keys(listFaults({ ...draft, until: "" }, CHICAGO))).toEqual(["until"]);
  expect(listFaults({ ...draft, kind: "pause", until: "" }, CHICAGO)).toEqual({});
  expect(Object.keys(listFaults({ ...draft, until: draft.from }, CHICAGO))).toEqual(["until"]);
  expect(Object.keys(listFaults({ ...draft, from: "", reason: " x " }, CHICAGO))).toEqual(["from", "reason"]);
});

test("reads wall-clock times in the zone of the page and leaves out what is empty", () => {
  expect(toNewExcuse({ ...draft, site: " north " }, CHICAGO)).toEqual({
    kind: "excuse",
    from: "2026-03-02T02:00:00.000Z",
    until: "2026-03-02T08:00:00.000Z",
    reason: "ERP release",
    site: "north",
  });
});

test("puts the API's mistakes at the fields that they belong to", () => {
  expect(toFaults([{ path: "/body/leg", message: "needs a flow" }])).toEqual({ leg: "This needs a flow." });
});
