import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { expect, test } from "vitest";
import type { StoreReader } from "./ask.ts";
import { listMatchSlots } from "./list-match-slots.ts";

const DAYS = 400;
const RESULTS_A_DAY = 2000;

test("looks at ever more days at once where little of what was said still stands", async () => {
  const callers: string[] = [];
  const days = Array.from({ length: DAYS }, (_, index) => ({
    day: new Date(Date.UTC(2026, 2, 1) - index * 86_400_000).toISOString().slice(0, 10),
    results: RESULTS_A_DAY,
  }));
  const read: string[] = [];
  const reader: StoreReader = {
    isAnswering: () => Promise.resolve(true),
    ask: (_asker, { caller, values, row }) => {
      callers.push(caller);
      if (Array.isArray(values["days"])) read.push(...values["days"].map(String));
      const rows = caller === "list-match-days" ? days : [];
      return Promise.resolve(rows.map((one) => row.parse(one)));
    },
  };
  const question = {
    filter: { outcome: ["held" as const] },
    ceiling: "9",
    after: undefined,
    limit: 51,
  };
  expect(await listMatchSlots(reader, { scope: EVERYTHING }, question)).toEqual([]);
  expect(read).toEqual(days.map(({ day }) => day));
  expect(callers.length).toBeLessThan(8);
});
