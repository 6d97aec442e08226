import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import type { InterfaceDefinition } from "@throughline/schemas/pack/interface";
import {
  apiUsePage,
  apiUseQuery,
  type InterfaceQuery,
  interfaceDetail,
  interfacePage,
  interfaceQuery,
  interfacesQuery,
} from "../contract/interface.ts";
import { answersWithList, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { respondWithList } from "../http/list-response.ts";
import { describeInterface, toDetail } from "../interfaces/describe-interface.ts";
import { readEvidence, selectEvidence } from "../interfaces/evidence.ts";
import { fitsFilter } from "../interfaces/interface-filter.ts";
import { narrowScope } from "../interfaces/narrow-scope.ts";
import type { Asker } from "../queries/ask.ts";
import { parseCursor, toCursor } from "../queries/cursor.ts";
import { listTrafficHours } from "../queries/list-traffic-hours.ts";
import { toMoment, toWholeHours } from "../queries/time-range.ts";
import { INTERFACE_COLUMNS, USE_COLUMNS } from "./interface-columns.ts";

const common = { method: "get" as const, tags: ["Catalogue"], middleware: requireRole(...READING_ROLES) };
const params = z.object({ id: z.string().max(64) });

const listRoute = createRoute({
  ...common,
  path: "/interfaces",
  summary: "The interface catalogue",
  description:
    "What was agreed for each interface, and what is seen of it. `from` and `to` bound what is counted, by whole hours; the last 24 hours unless given. Cadence and certificates are those of now, or of the moment `asOf`, which answers by what was agreed and had been seen by then.",
  request: { query: interfacesQuery },
  responses: answersWithList(interfacePage, "Interfaces by id."),
});

const detailRoute = createRoute({
  ...common,
  path: "/interfaces/{id}",
  summary: "An interface with its versions, API use and certificates",
  request: { params, query: interfaceQuery },
  responses: findsWith(interfaceDetail, "An interface."),
});

const useRoute = createRoute({
  ...common,
  path: "/interfaces/{id}/calls",
  summary: "Who calls an API, in which version, and what comes of it",
  request: { params, query: apiUseQuery },
  responses: answersWithList(apiUsePage, "Calls by client, version and status, the most frequent first."),
});

const idPlace = z.object({ id: z.string() });
const usePlace = z.object({ at: z.int().min(0) });

export function addInterfaceRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader, exports } = deps;
  const catalogue = createCatalogue(deps);
  const { describe } = catalogue;

  app.openapi(listRoute, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, ...filter } = query;
    return respondWithList(c, exports, {
      name: "interfaces",
      query,
      columns: INTERFACE_COLUMNS,
      findPage: async ({ limit, cursor }) => {
        const after = cursor === undefined ? "" : parseCursor(cursor, idPlace, filter).id;
        const { view, definitions } = await describe(toAsker(c), filter);
        const wanted = definitions
          .toSorted((a, b) => (a.id < b.id ? -1 : 1))
          .filter(({ id }) => id > after)
          .map((definition) => view(definition).summary)
          .filter((summary) => fitsFilter(summary, filter));
        const items = wanted.slice(0, limit);
        const last = items.at(-1);
        return { items, nextCursor: wanted.length > limit && last ? toCursor({ id: last.id }, filter) : null };
      },
    });
  });

  app.openapi(detailRoute, async (c) => {
    const { asker, range, moment, view, get, now } = await describe(toAsker(c), c.req.valid("query"));
    const definition = get(c.req.valid("param").id);
    const hours = await listTrafficHours(reader, asker, { traffic: definition.traffic, range, moment });
    return c.json(toDetail(definition, view(definition), { hours, range, now }), 200);
  });
  addUseRoute(app, deps, catalogue);
}

type Catalogue = ReturnType<typeof createCatalogue>;

function createCatalogue({ reader, configurations, now: clock }: ApiDeps) {
  return {
    /** What was agreed and is seen of the interfaces, by whom and in which range it was asked, now or as of a moment. */
    describe: async (whole: Asker, asked: InterfaceQuery) => {
      const { asOf } = asked;
      const now = toMoment(asOf, clock);
      const { interfaces, workingTimes } = await configurations.get(whole, asOf);
      const asker = { ...whole, scope: narrowScope(whole.scope, asked) };
      const range = toWholeHours(asked, now);
      const moment = asOf === undefined ? undefined : { atMs: now, fromMs: Date.parse(range.from) };
      const evidence = await readEvidence(reader, asker, { range, now, moment });
      const isPartial = asker.scope.sites !== "*" || asker.scope.domains !== "*";
      const view = (definition: InterfaceDefinition) =>
        describeInterface(definition, selectEvidence(evidence, definition), {
          clock: { now, workingTimes },
          isPartial,
          asOf,
        });
      const get = (id: string): InterfaceDefinition => {
        const definition = interfaces.get(id);
        if (!definition) throw new AppError("not_found", `There is no interface ${id}.`);
        return definition;
      };
      return { asker, now, range, moment, definitions: [...interfaces.values()], view, get };
    },
  };
}

function addUseRoute(app: ApiApp, { exports }: ApiDeps, { describe }: Catalogue) {
  app.openapi(useRoute, async (c) => {
    const { id } = c.req.valid("param");
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, ...asked } = query;
    const filter = { id, ...asked };
    const { view, get } = await describe(toAsker(c), query);
    const definition = get(id);
    return respondWithList(c, exports, {
      name: `${id}-calls`,
      query,
      columns: USE_COLUMNS,
      findPage: async ({ limit, cursor }) => {
        const at = cursor === undefined ? 0 : parseCursor(cursor, usePlace, filter).at;
        const { use } = view(definition);
        const items = use.slice(at, at + limit);
        return { items, nextCursor: use.length > at + limit ? toCursor({ at: at + limit }, filter) : null };
      },
    });
  });
}
