import { createRoute } from "@hono/zod-openapi";
import { type Position, positionPage, positionsQuery } from "../contract/position.ts";
import {
  financeSeat,
  financeSeatQuery,
  pharmacySeat,
  pharmacySeatQuery,
  procurementSeat,
  procurementSeatQuery,
  type Shortage,
  shortagePage,
  shortagesQuery,
} from "../contract/seat.ts";
import { answersWith, answersWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { listPositions } from "../queries/list-positions.ts";
import { assertOrdered } from "../queries/time-range.ts";
import { readFinanceSeat } from "../seats/read-finance-seat.ts";
import { listShortages, readPharmacySeat } from "../seats/read-pharmacy-seat.ts";
import { readProcurementSeat } from "../seats/read-procurement-seat.ts";
import { createSeatFeeds } from "../seats/seat-reading.ts";

const TAGS = ["Seats"];
const middleware = requireRole(...READING_ROLES);

const pharmacyRoute = createRoute({
  method: "get",
  path: "/seats/pharmacy",
  summary: "What is below par now",
  description: "Shortages that have not ended, by how they stand; where nothing can be said, why.",
  tags: TAGS,
  middleware,
  request: { query: pharmacySeatQuery },
  responses: answersWith(pharmacySeat, "The pharmacy's seat."),
});

const shortagesRoute = createRoute({
  method: "get",
  path: "/seats/pharmacy/shortages",
  summary: "Shortages with what is on the way",
  description:
    "The worst first: by how they stand, then by criticality, then the longest. Each with its order lines, what their suppliers said, when it is to be expected by the surest of these, and the forecast of the leg.",
  tags: TAGS,
  middleware,
  request: { query: shortagesQuery },
  responses: answersWithList(shortagePage, "Shortages."),
});

const procurementRoute = createRoute({
  method: "get",
  path: "/seats/procurement",
  summary: "How suppliers deliver",
  description:
    "By supplier: confirmed, shipped and received in time or late, of legs dated in the range; billed at another price, of invoice lines entered in it; delivered short and overdue, as it stands now.",
  tags: TAGS,
  middleware,
  request: { query: procurementSeatQuery },
  responses: answersWith(procurementSeat, "The seat of procurement."),
});

const financeRoute = createRoute({
  method: "get",
  path: "/seats/finance",
  summary: "What is bound, owed and blocked",
  description: "As it stands now, each currency by itself; where nothing can be said, why.",
  tags: TAGS,
  middleware,
  request: { query: financeSeatQuery },
  responses: answersWith(financeSeat, "The seat of finance."),
});

const positionsRoute = createRoute({
  method: "get",
  path: "/positions",
  summary: "Order lines that bind or owe something",
  description: "As they stand when their page is read, at the order's price.",
  tags: TAGS,
  middleware,
  request: { query: positionsQuery },
  responses: answersWithList(positionPage, "Order lines."),
});

export function addSeatRoutes(app: ApiApp, deps: ApiDeps) {
  const seating = { ...deps, readFeeds: createSeatFeeds(deps) };
  const { reader, exports, now } = deps;
  app.openapi(pharmacyRoute, async (c) =>
    c.json(await readPharmacySeat(seating, toAsker(c), c.req.valid("query")), 200),
  );
  app.openapi(shortagesRoute, (c) => {
    const { limit, cursor, format, ...filter } = c.req.valid("query");
    return respondWithList(c, exports, {
      name: "shortages",
      query: { limit, cursor, format },
      columns: SHORTAGE_COLUMNS,
      findPage: (paging) => listShortages(deps, toAsker(c), { ...filter, ...paging }),
    });
  });
  app.openapi(procurementRoute, async (c) => {
    const query = c.req.valid("query");
    assertOrdered(query);
    return c.json(await readProcurementSeat(seating, toAsker(c), query), 200);
  });
  app.openapi(financeRoute, async (c) => c.json(await readFinanceSeat(seating, toAsker(c), c.req.valid("query")), 200));
  app.openapi(positionsRoute, (c) => {
    const { limit, cursor, format, sort, ...filter } = c.req.valid("query");
    return respondWithList(c, exports, {
      name: "positions",
      query: { limit, cursor, format },
      columns: POSITION_COLUMNS,
      findPage: (paging) => listPositions(reader, toAsker(c), { filter, sort, now: now(), ...paging }),
    });
  });
}

const SHORTAGE_COLUMNS: readonly Column<Shortage>[] = [
  { name: "id", kind: "text", read: ({ id }) => id },
  { name: "item", kind: "text", read: ({ item }) => item },
  { name: "location", kind: "text", read: ({ location }) => location },
  { name: "site", kind: "text", read: ({ leg }) => leg.site },
  { name: "criticality", kind: "text", read: ({ leg }) => leg.criticality },
  { name: "verdict", kind: "text", read: ({ leg }) => leg.verdict },
  { name: "below_par_at", kind: "time", read: ({ leg }) => leg.startedAt },
  { name: "due_at", kind: "time", read: ({ leg }) => leg.dueAt },
  { name: "on_hand", kind: "text", read: ({ onHand }) => onHand?.value ?? null },
  { name: "par", kind: "text", read: ({ par }) => par?.value ?? null },
  { name: "unit", kind: "text", read: ({ onHand, par }) => onHand?.unit ?? par?.unit ?? null },
  { name: "orders", kind: "text", read: ({ orders }) => orders.map(({ line }) => line).join(" ") },
  { name: "expected_on", kind: "text", read: ({ expected }) => expected?.on ?? null },
  { name: "expected_by", kind: "text", read: ({ expected }) => expected?.basis ?? null },
  { name: "chance", kind: "number", read: ({ leg }) => leg.forecast?.chance ?? null },
  { name: "chance_n", kind: "integer", read: ({ leg }) => leg.forecast?.n ?? null },
];

const POSITION_COLUMNS: readonly Column<Position>[] = [
  { name: "order", kind: "text", read: ({ order }) => order },
  { name: "supplier", kind: "text", read: ({ supplier }) => supplier },
  { name: "company", kind: "text", read: ({ company }) => company },
  { name: "item", kind: "text", read: ({ item }) => item },
  { name: "site", kind: "text", read: ({ site }) => site },
  { name: "ordered_on", kind: "text", read: ({ orderedOn }) => orderedOn },
  { name: "due_on", kind: "text", read: ({ dueOn }) => dueOn },
  { name: "is_overdue", kind: "text", read: ({ isOverdue }) => String(isOverdue) },
  { name: "is_known", kind: "text", read: ({ isKnown }) => String(isKnown) },
  { name: "open", kind: "text", read: ({ open }) => open?.value ?? null },
  { name: "commitment", kind: "text", read: ({ commitment }) => commitment?.value ?? null },
  { name: "owed", kind: "text", read: ({ owed }) => owed?.quantity.value ?? null },
  { name: "owed_worth", kind: "text", read: ({ owed }) => owed?.worth.value ?? null },
  { name: "unreceived", kind: "text", read: ({ unreceived }) => unreceived?.quantity.value ?? null },
  { name: "unreceived_worth", kind: "text", read: ({ unreceived }) => unreceived?.worth.value ?? null },
  { name: "short", kind: "text", read: ({ short }) => short?.value ?? null },
  {
    name: "unit",
    kind: "text",
    read: ({ open, owed, unreceived, short }) =>
      (open ?? owed?.quantity ?? unreceived?.quantity ?? short)?.unit ?? null,
  },
  {
    name: "currency",
    kind: "text",
    read: ({ commitment, owed, unreceived }) => (commitment ?? owed?.worth ?? unreceived?.worth)?.currency ?? null,
  },
];
