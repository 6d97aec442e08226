import { expect, test } from "vitest";
import { listVerbs, sayPeople } from "./suggestion-text.ts";

const ada = { id: "ada", name: "Ada" };
const ben = { id: "ben", name: "Ben" };
const everything = { mayDecide: true, mayWithdraw: true };

test("who requested a confirmation never decides about it", () => {
  const requested = { state: "requested", requestedBy: ada } as const;
  expect(listVerbs(requested, { ...everything, isMe: (id) => id === "ada" })).toEqual(["withdraw"]);
  expect(listVerbs(requested, { ...everything, isMe: (id) => id === "ben" })).toEqual([
    "approve",
    "reject",
    "withdraw",
  ]);
  expect(listVerbs(requested, { mayDecide: true, mayWithdraw: false, isMe: () => false })).toEqual([
    "approve",
    "reject",
  ]);
  expect(listVerbs({ ...requested, state: "rejected" }, { ...everything, isMe: () => false })).toEqual([]);
  expect(listVerbs({ ...requested, state: "confirmed" }, { ...everything, isMe: () => false })).toEqual(["withdraw"]);
});

test("names who asked and who decided", () => {
  const base = {
    id: "1",
    version: 1,
    reconciliation: "r",
    state: "confirmed",
    unit: "USD",
    gross: "1",
    items: [],
    reason: "",
    requestedAt: "",
    requestedBy: ada,
    decidedAt: null,
    decidedBy: null,
    note: "",
    changedAt: "",
    changedBy: ada,
  } as const;
  expect(sayPeople({ ...base, items: [] })).toBe("Requested by Ada");
  expect(sayPeople({ ...base, items: [], decidedBy: ada })).toBe("Confirmed by Ada alone");
  expect(sayPeople({ ...base, items: [], decidedBy: ben })).toBe("Requested by Ada, approved by Ben");
  expect(sayPeople({ ...base, items: [], decidedBy: ben, state: "rejected" })).toBe(
    "Requested by Ada, rejected by Ben",
  );
});
