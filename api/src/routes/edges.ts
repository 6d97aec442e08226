import { createRoute } from "@hono/zod-openapi";
import {
  edgeOrder,
  edgeOrderChange,
  edgeOrderPage,
  edgeOrderPath,
  edgeOrdersQuery,
  edgePage,
  edgesQuery,
  mappingWaitPage,
  mappingWaitsQuery,
  newEdgeOrder,
  ORDER_VERBS,
  type OrderVerb,
} from "../contract/edge.ts";
import { createTurns, toCrosswalkContext } from "../crosswalks/crosswalk-context.ts";
import { changeOrder, giveOrder } from "../edges/change-order.ts";
import { answersWithList, ERRORS, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { respondWithList } from "../http/list-response.ts";
import { listEdgeOrders } from "../queries/list-edge-orders.ts";
import { listEdges } from "../queries/list-edges.ts";
import { listMappingWaits } from "../queries/list-mapping-waits.ts";
import { EDGE_COLUMNS, ORDER_COLUMNS, WAIT_COLUMNS } from "./edge-columns.ts";

const reading = requireRole(...READING_ROLES);

const waitsRoute = createRoute({
  method: "get",
  path: "/mapping-waits",
  summary: "Values that crosswalks lack",
  description: "As edges said it last: which value of which interface, how many documents wait for it, since when.",
  tags: ["Crosswalks"],
  middleware: reading,
  request: { query: mappingWaitsQuery },
  responses: answersWithList(mappingWaitPage, "What waits, most documents first."),
});

const edgesRoute = createRoute({
  method: "get",
  path: "/edges",
  summary: "Edges and what is in force there",
  tags: ["Edges"],
  middleware: reading,
  request: { query: edgesQuery },
  responses: answersWithList(edgePage, "Edges by name, each with what it said last."),
});

const ordersRoute = createRoute({
  method: "get",
  path: "/edges/orders",
  summary: "Replay orders and what came of them",
  tags: ["Edges"],
  middleware: reading,
  request: { query: edgeOrdersQuery },
  responses: answersWithList(edgeOrderPage, "Orders, last given first."),
});

const giveRoute = createRoute({
  method: "post",
  path: "/edges/orders",
  summary: "Propose that an edge sends again what it keeps",
  description:
    "It is a proposal until another person approves it. Then an edge finds it when it asks, carries it out once, and says so by event. Events keep the ids that they had, so what arrived before counts once.",
  tags: ["Edges"],
  middleware: requireRole("operator"),
  request: { body: { required: true, content: { "application/json": { schema: newEdgeOrder } } } },
  responses: {
    201: { description: "The order.", content: { "application/json": { schema: edgeOrder } } },
    ...ERRORS,
  },
});

const SUMMARIES = {
  approve: "Approve a replay order",
  reject: "Reject a replay order",
  withdraw: "Take a replay order back",
} as const;

const changeRouteOf = (verb: OrderVerb) =>
  createRoute({
    method: "post",
    path: `/edges/orders/{id}/${verb}`,
    summary: SUMMARIES[verb],
    description:
      verb === "withdraw"
        ? "As long as no edge has it."
        : "Refused with `second_person_required` for who asked for it. Edges are told of approved orders only.",
    tags: ["Edges"],
    middleware: requireRole("operator"),
    request: {
      params: edgeOrderPath,
      body: { required: true, content: { "application/json": { schema: edgeOrderChange } } },
    },
    responses: {
      ...findsWith(edgeOrder, "The order as it stands now."),
      409: { description: "It does not stand as it was seen; `code` is `conflict`." },
    },
  });

export function addEdgeRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader, exports, pack } = deps;
  const takeTurn = createTurns();
  app.openapi(waitsRoute, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, ...filter } = query;
    return respondWithList(c, exports, {
      name: "mapping-waits",
      query,
      columns: WAIT_COLUMNS,
      findPage: (paging) => listMappingWaits(reader, toAsker(c), { filter, pack, ...paging }),
    });
  });
  app.openapi(edgesRoute, (c) => {
    const query = c.req.valid("query");
    const { site, q } = query;
    return respondWithList(c, exports, {
      name: "edges",
      query,
      columns: EDGE_COLUMNS,
      findPage: (paging) => listEdges(reader, toAsker(c), { filter: { site, q }, now: deps.now(), ...paging }),
    });
  });
  app.openapi(ordersRoute, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, ...filter } = query;
    return respondWithList(c, exports, {
      name: "edge-orders",
      query,
      columns: ORDER_COLUMNS,
      findPage: async (paging) => {
        const asked = { filter, now: deps.now(), ...paging };
        const { items, nextCursor } = await listEdgeOrders(reader, toAsker(c), asked);
        return { items, nextCursor };
      },
    });
  });
  app.openapi(giveRoute, async (c) => c.json(await giveOrder(toCrosswalkContext(c, deps), c.req.valid("json")), 201));
  for (const verb of ORDER_VERBS)
    app.openapi(changeRouteOf(verb), async (c) => {
      const asked = { id: c.req.valid("param").id, verb, ...c.req.valid("json") };
      return c.json(await takeTurn(() => changeOrder(toCrosswalkContext(c, deps), asked)), 200);
    });
}
