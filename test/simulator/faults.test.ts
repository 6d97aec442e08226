import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DAY } from "./demand.ts";
import { generateTrade } from "./generate-trade.ts";
import { parseScenario } from "./network/scenario.ts";
import { toTrade } from "./network/stage.ts";
import type { Dispatch } from "./simulation.ts";

const FROM = Date.parse("2026-03-12T00:00:00Z");
const PATH = join(import.meta.dirname, "scenarios/every-fault.yaml");
const scenario = parseScenario({ path: PATH, text: readFileSync(PATH, "utf8") });
const SEEDS = [1, 2, 3, 4, 5];
const INVOICE_DEFECTS = ["wrong-unit", "price-change", "over-quantity"];

function play(seed: number): Dispatch[] {
  return [...generateTrade({ ...toTrade(scenario, FROM), seed, to: FROM + 7 * DAY, heartbeatEveryMs: DAY })];
}

function toTruth(dispatches: readonly Dispatch[]) {
  return dispatches.flatMap((dispatch) => (dispatch.kind === "truth" ? [dispatch.row] : []));
}

describe.each(SEEDS)("what goes wrong with seed %i", (seed) => {
  const dispatches = play(seed);
  const truth = toTruth(dispatches);

  test("is never hidden by a receipt that the ERP does not hear of", () => {
    const linesOf = (kinds: readonly string[]) =>
      truth
        .filter(({ kind }) => kinds.includes(kind))
        .flatMap(({ objects }) => objects.filter(({ type }) => type === "purchase_order_line").map(({ id }) => id));
    const billedWrong = linesOf(INVOICE_DEFECTS);
    expect(billedWrong.length).toBeGreaterThan(0);
    expect(linesOf(["missing-receipt"]).filter((line) => billedWrong.includes(line))).toEqual([]);
  });

  test("is no receipt that the ERP does not hear of, and nobody of the dock either", () => {
    const told = new Set(
      dispatches.flatMap((dispatch) =>
        dispatch.kind === "event" && dispatch.event.type === "receiving.goods_receipt.recorded"
          ? listIds(dispatch, "goods_receipt")
          : [],
      ),
    );
    const missing = truth.filter(({ kind }) => kind === "missing-receipt").map(({ objects }) => objects[0]?.id ?? "");
    expect(missing.filter((receipt) => !told.has(receipt))).toEqual([]);
  });

  test("is never that goods go back before they are billed", () => {
    const billed = new Set<string>();
    const early: string[] = [];
    for (const dispatch of dispatches) {
      if (dispatch.kind !== "event") continue;
      const lines = listIds(dispatch, "purchase_order_line");
      if (dispatch.event.type === "erp.invoice.received") lines.forEach((line) => billed.add(line));
      if (dispatch.event.type === "receiving.return.sent") early.push(...lines.filter((line) => !billed.has(line)));
    }
    expect(early).toEqual([]);
  });
});

function listIds(dispatch: Extract<Dispatch, { kind: "event" }>, type: string): string[] {
  const { data } = dispatch.event;
  const objects = typeof data === "object" ? (data?.objects ?? []) : [];
  return objects.filter((object) => object.type === type).map(({ id }) => id);
}
