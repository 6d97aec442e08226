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
} from "../contract/edge.ts";
import { toCrosswalkContext } from "../crosswalks/crosswalk-context.ts";
import { giveOrder, withdrawOrder } from "../edges/change-order.ts";
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
  summary: "Order that an edge sends again what it keeps",
  description:
    "An edge finds it when it asks, carries it out once, and says so by event. Events keep the ids that they had, so what arrived before counts once.",
  tags: ["Edges"],
  middleware: requireRole("operator"),
  request: { body: { required: true, content: { "application/json": { schema: newEdgeOrder } } } },
  responses: {
    201: { description: "The order.", content: { "application/json": { schema: edgeOrder } } },
    ...ERRORS,
  },
});

const withdrawRoute = createRoute({
  method: "post",
  path: "/edges/orders/{id}/withdraw",
  summary: "Take a replay order back",
  tags: ["Edges"],
  middleware: requireRole("operator"),
  request: {
    params: edgeOrderPath,
    body: { required: true, content: { "application/json": { schema: edgeOrderChange } } },
  },
  responses: {
    ...findsWith(edgeOrder, "The order as it stands now."),
    409: { description: "An edge has carried it out or refused it, or it ran out; `code` is `conflict`." },
  },
});

export function addEdgeRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader, exports, pack } = deps;
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
    const { site, ...query } = c.req.valid("query");
    return respondWithList(c, exports, {
      name: "edges",
      query,
      columns: EDGE_COLUMNS,
      findPage: (paging) => listEdges(reader, toAsker(c), { filter: { site }, ...paging }),
    });
  });
  app.openapi(ordersRoute, (c) => {
    const { interface: name, site, ...query } = c.req.valid("query");
    return respondWithList(c, exports, {
      name: "edge-orders",
      query,
      columns: ORDER_COLUMNS,
      findPage: async (paging) => {
        const asked = { filter: { interface: name, site }, now: deps.now(), ...paging };
        const { items, nextCursor } = await listEdgeOrders(reader, toAsker(c), asked);
        return { items, nextCursor };
      },
    });
  });
  app.openapi(giveRoute, async (c) => c.json(await giveOrder(toCrosswalkContext(c, deps), c.req.valid("json")), 201));
  app.openapi(withdrawRoute, async (c) => {
    const asked = { id: c.req.valid("param").id, revision: c.req.valid("json").revision };
    return c.json(await withdrawOrder(toCrosswalkContext(c, deps), asked), 200);
  });
}
