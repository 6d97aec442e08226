import { OpenAPIHono } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import { authenticate, READING_ROLES, requireRole } from "./http/authenticate.ts";
import type { ApiDeps } from "./http/deps.ts";
import { addDocumentation, registerSecurity, toOpenApiDocument } from "./http/documentation.ts";
import type { ApiApp, ApiEnv } from "./http/env.ts";
import { API_BASE } from "./http/href.ts";
import { answerNotFound, createErrorHandler, toRequestIssues } from "./http/problem.ts";
import { setSecurityHeaders } from "./http/security-headers.ts";
import { serveUi } from "./http/static-ui.ts";
import { addFlowDurationRoutes } from "./routes/flow-durations.ts";
import { addAccrualRoutes } from "./routes/accruals.ts";
import { addCalendarRoutes } from "./routes/calendars.ts";
import { addCheckpointListRoutes } from "./routes/checkpoint-lists.ts";
import { addCheckpointRoutes } from "./routes/checkpoints.ts";
import { addCloseRoutes } from "./routes/close.ts";
import { addConfirmationRoutes } from "./routes/confirmations.ts";
import { addCoverageRoutes } from "./routes/coverage.ts";
import { addCrosswalkRoutes, IMPORT_PATH, PREVIEW_PATH } from "./routes/crosswalks.ts";
import { addControlTotalRoutes } from "./routes/control-totals.ts";
import { addDriftRoutes } from "./routes/drift.ts";
import { addEdgeRoutes } from "./routes/edges.ts";
import { addExcuseRoutes } from "./routes/excuses.ts";
import { addFlowRoutes } from "./routes/flows.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addInterfaceRoutes } from "./routes/interfaces.ts";
import { addJourneyRoutes } from "./routes/journeys.ts";
import { addKeyRoutes } from "./routes/keys.ts";
import { addLegStoryRoutes } from "./routes/leg-story.ts";
import { addLegRoutes } from "./routes/legs.ts";
import { addMatchRoutes } from "./routes/matches.ts";
import { addOutcomeRoutes } from "./routes/outcomes.ts";
import { addOverviewRoutes } from "./routes/overview.ts";
import { addQuarantineRoutes } from "./routes/quarantine.ts";
import { addReconciliationRoutes } from "./routes/reconciliations.ts";
import { addMeRoute, addSessionRoutes } from "./routes/session.ts";
import { addSeatRoutes } from "./routes/seats.ts";
import { addSloRoutes } from "./routes/slos.ts";
import { addSourceRoutes } from "./routes/sources.ts";
import { addStreamRoutes } from "./routes/stream.ts";
import { addTraceRoutes } from "./routes/traces.ts";

const MAX_BODY_BYTES = 65_536;
const PARTS: Readonly<Record<string, string>> = { param: "path", json: "body" };

/**
 * The API, its reference, and the built pages where `uiDirectory` says. Everything but health, signing in and the pages
 * needs a principal.
 */
export function createApp(deps: ApiDeps, uiDirectory?: string): ApiApp {
  const app = createHono();
  app.use(requestId(), deps.metrics.measure, setSecurityHeaders());
  app.use("/api/*", async (c, next) => {
    await next();
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  });
  app.onError(createErrorHandler(deps.logger));
  app.notFound(answerNotFound);
  addHealthRoutes(app, deps);

  const api = createApi(deps);
  const guard = authenticate(deps.gate);
  app.use("/api/docs/*", guard);
  app.use(`${API_BASE}/openapi.json`, guard);
  app.get("/metrics", guard, requireRole(...READING_ROLES), async (c) =>
    c.body(await deps.metrics.registry.metrics(), 200, { "content-type": deps.metrics.registry.contentType }),
  );
  addDocumentation(app, toOpenApiDocument(api));
  app.route(API_BASE, api);
  app.all("/api/*", () => {
    throw new AppError("not_found", "There is nothing here. The reference is at /api/docs.");
  });
  if (uiDirectory !== undefined) app.use(serveUi(uiDirectory));
  return app;
}

/** The routes below `/api/v1`. */
function createApi(deps: ApiDeps): ApiApp {
  const api = createHono();
  registerSecurity(api);
  const limitBody = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseBody });
  // An import has a limit of its own.
  const files: ReadonlySet<string> = new Set([IMPORT_PATH, PREVIEW_PATH].map((path) => API_BASE + path));
  api.use((c, next) => (files.has(c.req.path) ? next() : limitBody(c, next)));
  addSessionRoutes(api, deps);
  api.use(authenticate(deps.gate));
  addMeRoute(api);
  addOverviewRoutes(api, deps);
  addFlowRoutes(api, deps);
  addFlowDurationRoutes(api, deps);
  addLegRoutes(api, deps);
  addLegStoryRoutes(api, deps);
  addReconciliationRoutes(api, deps);
  addCheckpointRoutes(api, deps);
  addCheckpointListRoutes(api, deps);
  addAccrualRoutes(api, deps);
  addConfirmationRoutes(api, deps);
  addCloseRoutes(api, deps);
  addDriftRoutes(api, deps);
  addControlTotalRoutes(api, deps);
  addSloRoutes(api, deps);
  addMatchRoutes(api, deps);
  addSeatRoutes(api, deps);
  addOutcomeRoutes(api, deps);
  addJourneyRoutes(api, deps);
  addTraceRoutes(api, deps);
  addCoverageRoutes(api, deps);
  addSourceRoutes(api, deps);
  addInterfaceRoutes(api, deps);
  addExcuseRoutes(api, deps);
  addCrosswalkRoutes(api, deps);
  addEdgeRoutes(api, deps);
  addCalendarRoutes(api, deps);
  addQuarantineRoutes(api, deps);
  addStreamRoutes(api, deps);
  addKeyRoutes(api, deps);
  return api;
}

function createHono(): ApiApp {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const issues = toRequestIssues(PARTS[result.target] ?? result.target, result.error);
      throw new AppError("invalid_request", "The request is not as it should be.", { issues });
    },
  });
}

function refuseBody(): never {
  throw new AppError("payload_too_large", `The body may have up to ${MAX_BODY_BYTES} bytes.`);
}
