import type {
  EdgeOrder,
  EdgeOrderChange,
  EdgeOrderPage,
  EdgeOrdersQuery,
  EdgePage,
  EdgesQuery,
  MappingWaitPage,
  MappingWaitsQuery,
  NewEdgeOrder,
} from "./edge.ts";

type Asked<Query> = Partial<Query>;

/** What the reading paths of edges take and answer. */
export interface EdgeReading {
  "/mapping-waits": { query: Asked<MappingWaitsQuery>; answer: MappingWaitPage };
  "/edges": { query: Asked<EdgesQuery>; answer: EdgePage };
  "/edges/orders": { query: Asked<EdgeOrdersQuery>; answer: EdgeOrderPage };
}

interface OrderChange {
  path: { id: string };
  body: Omit<EdgeOrderChange, "note"> & { note?: string };
  answer: EdgeOrder;
}

/** What the writing paths of edges take and answer. */
export interface EdgeWriting {
  "POST /edges/orders": { body: NewEdgeOrder; answer: EdgeOrder };
  "POST /edges/orders/{id}/approve": OrderChange;
  "POST /edges/orders/{id}/reject": OrderChange;
  "POST /edges/orders/{id}/withdraw": OrderChange;
}
