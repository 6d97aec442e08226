import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import { type SloItem, sloDetail, sloPage, sloQuery, slosQuery } from "../contract/slo.ts";
import { toSloItem } from "../figures/slo-item.ts";
import { answersWithList, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { parseCursor, toCursor } from "../queries/cursor.ts";
import { assertOrdered, toMoment } from "../queries/time-range.ts";
import { readSloDetail } from "../slos/read-slo-detail.ts";
import { readSlos } from "../slos/read-slos.ts";

const listRoute = createRoute({
  method: "get",
  path: "/slos",
  summary: "Service level objectives",
  description:
    "With their compliance and error budget over the window of each, and how fast the budget burns. The windows of the rules end where the feeds are complete, so that no leg in them waits for its verdict. `site` and `domain` narrow all figures, and `asOf` makes them those of an earlier moment.",
  tags: ["Service levels"],
  middleware: requireRole(...READING_ROLES),
  request: { query: slosQuery },
  responses: answersWithList(sloPage, "Service level objectives in the order of the configuration."),
});

const detailRoute = createRoute({
  method: "get",
  path: "/slos/{id}",
  summary: "A service level objective over time",
  description:
    "`from` and `to` bound the series of burn, which reaches back five days at most; the last 24 hours unless given.",
  tags: ["Service levels"],
  middleware: requireRole(...READING_ROLES),
  request: { params: z.object({ id: z.string().max(64) }), query: sloQuery },
  responses: findsWith(sloDetail, "An objective with its burn and what spent its budget."),
});

const place = z.object({ id: z.string() });

/** The lengths of the windows of the rules, by what their columns are called. */
const BURN_COLUMNS = {
  "5m": 300_000,
  "30m": 1_800_000,
  "1h": 3_600_000,
  "2h": 7_200_000,
  "6h": 21_600_000,
  "24h": 86_400_000,
  "3d": 259_200_000,
};

const COLUMNS: readonly Column<SloItem>[] = [
  { name: "id", kind: "text", read: (slo) => slo.id },
  { name: "title", kind: "text", read: (slo) => slo.title },
  { name: "flow", kind: "text", read: (slo) => slo.flow },
  { name: "legs", kind: "text", read: (slo) => slo.legs.join(" ") },
  { name: "owner", kind: "text", read: (slo) => slo.owner },
  { name: "state", kind: "text", read: (slo) => slo.state },
  { name: "objective_percent", kind: "number", read: (slo) => slo.objective },
  { name: "window_from", kind: "time", read: (slo) => slo.window.from },
  { name: "window_to", kind: "time", read: (slo) => slo.window.to },
  { name: "compliance", kind: "number", read: (slo) => slo.compliance.share },
  { name: "met", kind: "integer", read: (slo) => slo.compliance.met },
  { name: "n", kind: "integer", read: (slo) => slo.compliance.n },
  { name: "budget_allowed", kind: "number", read: (slo) => slo.budget.allowed },
  { name: "budget_spent", kind: "integer", read: (slo) => slo.budget.spent.value },
  { name: "budget_provisional", kind: "integer", read: (slo) => slo.budget.provisional.value },
  { name: "budget_left", kind: "number", read: (slo) => slo.budget.left },
  ...Object.entries(BURN_COLUMNS).map(([name, lengthMs]): Column<SloItem> => ({
    name: `burn_${name}`,
    kind: "number",
    read: (slo) => burnOver(slo, lengthMs),
  })),
  { name: "settled_to", kind: "time", read: (slo) => slo.settledTo },
];

export function addSloRoutes(app: ApiApp, deps: ApiDeps) {
  const { configurations, reader, exports, now } = deps;
  app.openapi(listRoute, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, state, flow, ...narrowing } = query;
    return respondWithList(c, exports, {
      name: "service-levels",
      query,
      columns: COLUMNS,
      findPage: async ({ limit, cursor }) => {
        const bound = { ...narrowing, state, flow };
        const after = cursor === undefined ? undefined : parseCursor(cursor, place, bound).id;
        const pack = await configurations.get(toAsker(c), narrowing.asOf);
        const start = pack.slos.findIndex(({ id }) => id === after) + 1;
        const slos = pack.slos.slice(start).filter((slo) => flow?.includes(slo.flow) ?? true);
        const all = (
          await readSlos({ reader, pack }, toAsker(c), { slos, narrowing, now: toMoment(narrowing.asOf, now) })
        ).map(toSloItem);
        const wanted = all.filter((slo) => state?.includes(slo.state) ?? true);
        const items = wanted.slice(0, limit);
        const last = items.at(-1);
        return { items, nextCursor: wanted.length > limit && last ? toCursor({ id: last.id }, bound) : null };
      },
    });
  });

  app.openapi(detailRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { from, to, ...narrowing } = c.req.valid("query");
    assertOrdered({ from, to });
    const pack = await configurations.get(toAsker(c), narrowing.asOf);
    const slos = pack.slos.filter((slo) => slo.id === id);
    const [findings] = await readSlos({ reader, pack }, toAsker(c), {
      slos,
      narrowing,
      now: toMoment(narrowing.asOf, now),
    });
    if (findings === undefined) throw new AppError("not_found", `There is no service level objective ${id} here.`);
    return c.json(await readSloDetail(reader, toAsker(c), { findings, asked: { from, to } }), 200);
  });
}

function burnOver(slo: SloItem, lengthMs: number): number | null {
  const windows = slo.rules.flatMap(({ long, short }) => [long, short]);
  return windows.find((window) => window.lengthMs === lengthMs)?.burn ?? null;
}
