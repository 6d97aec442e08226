import { useSearchParams } from "@solidjs/router";
import type { LegsQuery } from "@throughline/api/contract";
import { type Accessor, createMemo } from "solid-js";
import { all, one, useScope } from "../../data/scope.tsx";
import { VERDICT_ORDER } from "../../parts/verdict.ts";

const CRITICALITIES = ["critical", "high", "standard"] as const;
const ORDERS = ["oldest", "least-likely"] as const;
const TEXTS = ["q", "instanceType", "instanceId", "zone"] as const;

const HOURS = new Set(Array.from({ length: 24 }, (_, hour) => hour));

/** The parameters of a list of legs as the URL has them; what the API does not know is left out. */
export function createLegsQuery(): Accessor<Partial<LegsQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const query: Partial<LegsQuery> = { ...scope.query(), ...scope.asOfQuery() };
    const flows = all(search.flow);
    const legs = all(search.leg);
    const verdicts = VERDICT_ORDER.filter((verdict) => all(search.verdict).includes(verdict));
    const criticalities = CRITICALITIES.filter((name) => all(search.criticality).includes(name));
    if (flows.length > 0) query.flow = flows;
    if (legs.length > 0) query.leg = legs;
    if (verdicts.length > 0) query.verdict = verdicts;
    const suppliers = all(search.supplier);
    if (suppliers.length > 0) query.supplier = suppliers;
    if (criticalities.length > 0) query.criticality = criticalities;
    for (const name of TEXTS) {
      const text = one(search[name]);
      if (text !== undefined) query[name] = text;
    }
    const startHour = Number(one(search.startHour));
    if (one(search.startHour) !== undefined && HOURS.has(startHour)) query.startHour = startHour;
    const order = ORDERS.find((name) => name === one(search.order));
    if (order !== undefined) query.order = order;
    const chances = all(search.chanceBelow)
      .map(Number)
      .filter((chance) => chance > 0 && chance <= 1);
    if (chances.length > 0) query.chanceBelow = Math.max(...chances);
    return query;
  });
}
