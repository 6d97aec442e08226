import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import type { Flow, Pack } from "@throughline/schemas/pack/flow";
import { durationsQuery, flowDurations, legProfile, profileQuery } from "../contract/flow-durations.ts";
import { toHeatCells } from "../figures/heat-cells.ts";
import { toSupplierShares } from "../figures/supplier-shares.ts";
import { findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { countLegStarts } from "../queries/count-leg-starts.ts";
import { countSupplierLegs } from "../queries/count-supplier-legs.ts";
import { findCountedRange } from "../queries/find-counted-range.ts";
import { listLegDurations, MAX_DURATIONS } from "../queries/list-leg-durations.ts";
import { toMoment, toWholeHours } from "../queries/time-range.ts";

const MOST_SUPPLIERS = 50;

const durationsRoute = createRoute({
  method: "get",
  path: "/flows/{flow}/durations",
  summary: "How long the legs of a flow took",
  description: "Of the legs dated in the range. Working time where a calendar counts it; excused time is left out.",
  tags: ["Flows"],
  middleware: requireRole(...READING_ROLES),
  request: { params: z.object({ flow: z.string().max(64) }), query: durationsQuery },
  responses: findsWith(flowDurations, "Percentiles and distribution of each leg."),
});

const profileRoute = createRoute({
  method: "get",
  path: "/flows/{flow}/legs/{leg}",
  summary: "Where, when and with whom a leg is late",
  description: "By site and hour of the day at which the leg began, and by supplier, of the legs dated in the range.",
  tags: ["Flows"],
  middleware: requireRole(...READING_ROLES),
  request: { params: z.object({ flow: z.string().max(64), leg: z.string().max(64) }), query: profileQuery },
  responses: findsWith(legProfile, "A leg by site, hour and supplier."),
});

export function addFlowDurationRoutes(app: ApiApp, { reader, pack, workingTimes, now }: ApiDeps) {
  app.openapi(durationsRoute, async (c) => {
    const flow = getFlow(pack, c.req.valid("param").flow);
    const { from, to, by, leg, ...rest } = c.req.valid("query");
    const filter = { ...rest, leg: leg === undefined ? undefined : [leg] };
    const asked = toWholeHours({ from, to }, toMoment(filter.asOf, now));
    const range = await findCountedRange(reader, toAsker(c), { ...filter, flow: [flow.id], range: asked });
    const items = await listLegDurations(reader, toAsker(c), { ...filter, flow: [flow.id], range, by, workingTimes });
    return c.json({ range, items, isTruncated: items.length >= MAX_DURATIONS }, 200);
  });

  app.openapi(profileRoute, async (c) => {
    const { flow: flowId, leg } = c.req.valid("param");
    const flow = getFlow(pack, flowId);
    if (!flow.legs.some(({ id }) => id === leg)) throw new AppError("not_found", `${flow.title} has no leg ${leg}.`);
    const { from, to, zone, ...filter } = c.req.valid("query");
    const asked = toWholeHours({ from, to }, toMoment(filter.asOf, now));
    const legs = { ...filter, flow: [flow.id], leg: [leg] };
    const range = await findCountedRange(reader, toAsker(c), { ...legs, range: asked });
    const within = { ...legs, range };
    const [starts, bySupplier] = await Promise.all([
      countLegStarts(reader, toAsker(c), { ...within, zone }),
      countSupplierLegs(reader, toAsker(c), within),
    ]);
    const suppliers = toSupplierShares(bySupplier, within);
    return c.json(
      {
        range,
        flow: flow.id,
        leg,
        zone,
        cells: toHeatCells(starts, { ...within, zone }),
        suppliers: suppliers.slice(0, MOST_SUPPLIERS),
        isTruncated: suppliers.length > MOST_SUPPLIERS,
      },
      200,
    );
  });
}

function getFlow(pack: Pack, id: string): Flow {
  const flow = pack.flows.get(id);
  if (!flow) throw new AppError("not_found", `There is no flow ${id}.`);
  return flow;
}
