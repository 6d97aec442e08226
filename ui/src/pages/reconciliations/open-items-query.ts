import { useParams, useSearchParams } from "@solidjs/router";
import type { OpenItemsQuery, ReconciliationItem } from "@throughline/api/contract";
import { type Accessor, createMemo } from "solid-js";
import { decodePathPart } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { AGES, CAUSE_TITLES, CLASSES, CLASS_FACES, type ItemCause, sayAge } from "./reconciliation-text.ts";

const CAUSES: readonly ItemCause[] = [
  "in_flight",
  "failed_message",
  "price_mismatch",
  "quantity_mismatch",
  "unit_mismatch",
  "unexplained",
];
const SIDES = ["a", "b"] as const;

/** What of a reconciliation stands beside lists of its rows; undefined until it is read. */
export function createReconciliation(): { id: Accessor<string>; item: Accessor<ReconciliationItem | undefined> } {
  const params = useParams();
  const id = () => decodePathPart(params.id);
  const scope = useScope();
  const read = createRead("/reconciliations", () => ({ query: scope.asOfQuery() }));
  return { id, item: () => (read.isSuccess ? read.data.items.find((item) => item.id === id()) : undefined) };
}

/** The parameters of a list of open items as the URL has them; the end of the page's time is no cut-off. */
export function createOpenItemsQuery(): Accessor<Partial<OpenItemsQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const cutoff = one(search.cutoff);
    const text = one(search.q);
    const company = one(search.company);
    return {
      ...scope.asOfQuery(),
      ...(company && { company }),
      ...(cutoff && { to: cutoff }),
      ...(text && { q: text }),
      ...given("site", scope.sites()),
      ...given("unit", all(search.unit)),
      ...given("supplier", all(search.supplier)),
      ...given("class", only(CLASSES, search.class)),
      ...given("cause", only(CAUSES, search.cause)),
      ...given("side", only(SIDES, search.side)),
      ...given("days", only(AGES, search.days)),
    };
  });
}

/** The filters of the list; units as the reconciliation has them. */
export function listItemFilters(item: ReconciliationItem | undefined) {
  return [
    {
      name: "class",
      title: "Class",
      choices: CLASSES.map((value) => ({ value, title: CLASS_FACES[value].word })),
    },
    { name: "cause", title: "Cause", choices: CAUSES.map((value) => ({ value, title: CAUSE_TITLES[value] })) },
    { name: "days", title: "Age", choices: AGES.map((value) => ({ value, title: sayAge(value) })) },
    {
      name: "side",
      title: "Side",
      choices: SIDES.map((value) => ({ value, title: item?.[value] ?? `Side ${value}` })),
    },
  ];
}

function only<Value extends string>(allowed: readonly Value[], asked: string | string[] | undefined): Value[] {
  const names = all(asked);
  return allowed.filter((value) => names.includes(value));
}

/** A list as a parameter, where it has any value. */
export function given<Name extends string, Value>(name: Name, values: Value[]): Partial<Record<Name, Value[]>> {
  const record: Partial<Record<Name, Value[]>> = {};
  if (values.length > 0) record[name] = values;
  return record;
}
