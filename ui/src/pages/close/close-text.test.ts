import type { Close } from "@throughline/api/contract";
import { expect, test } from "vitest";
import { sayDaysLeft, sayReadiness } from "./close-text.ts";

const HEARD = { completeTo: "2026-04-02T10:00:00.000Z", isSilent: false };
const LOCK = { dueAt: null, daysLeft: null, lockedAt: null, daysToLock: null };

function toClose(more: Partial<Close>, kept: boolean[] = [true, true]): Close {
  return {
    company: { id: "group", title: "All sites" },
    companies: [],
    period: { id: "2026-03", from: "2026-03-01T06:00:00Z", to: "2026-04-01T05:00:00Z", zone: "America/Chicago" },
    isOver: true,
    isWhole: true,
    isReady: true,
    feeds: [{ source: "/erp", completeTo: null, isSilent: false, isComplete: false, reconciliations: [] }],
    reconciliations: kept.map((isKept, index) => ({
      id: `r${index}`,
      title: "",
      owner: "",
      domain: "erp",
      isKept,
      isComplete: true,
      feeds: { a: HEARD, b: HEARD },
      units: [],
      worth: [],
      lock: null,
      statementHref: "",
      checkpointsHref: "",
    })),
    owners: [],
    lock: LOCK,
    ...more,
  };
}

test("a close says what it is short of, and never calls ready what is not known", () => {
  expect(sayReadiness(toClose({}))).toBe("Ready: 2 reconciliations can be locked.");
  expect(sayReadiness(toClose({}, [true, false]))).toBe(
    "Ready: 1 reconciliation can be locked; nothing is known of 1 reconciliation.",
  );
  expect(sayReadiness(toClose({ isReady: false, isOver: false }))).toBe(
    "Not ready: the period still runs; 1 feed is not complete to the cut-off.",
  );
  const lockedAt = "2026-04-04T10:00:00Z";
  expect(sayReadiness(toClose({ lock: { ...LOCK, lockedAt, daysToLock: 3 } }))).toBe(
    "Everything of this period is locked.",
  );
});

test("days are left, over, or gone by until the lock", () => {
  const say = (more: Partial<Close["lock"]>) => sayDaysLeft({ ...LOCK, ...more });
  expect([say({ daysLeft: 3 }), say({ daysLeft: 0 }), say({ daysLeft: -1 }), say({})]).toEqual([
    "3 days left",
    "due today",
    "1 day late",
    undefined,
  ]);
  expect(say({ lockedAt: "2026-04-04T10:00:00Z", daysToLock: 3 })).toBe("3 days to lock");
});
