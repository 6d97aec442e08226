import { createRoute, z } from "@hono/zod-openapi";
import { accessKey, isScopeWithin, newAccessKey, type Principal } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import type { Context } from "hono";
import { createdKey, keyList } from "../contract/session.ts";
import { answersWith, ERRORS, findsWith } from "../http/answers.ts";
import { requireRole } from "../http/authenticate.ts";
import type { ApiDeps } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";

const listRoute = createRoute({
  method: "get",
  path: "/keys",
  summary: "All keys",
  description: "Administrators with a scope see the keys within it.",
  tags: ["Access"],
  middleware: requireRole("admin"),
  responses: answersWith(keyList, "Keys, newest first."),
});

const createKeyRoute = createRoute({
  method: "post",
  path: "/keys",
  summary: "Make a key",
  tags: ["Access"],
  middleware: requireRole("admin"),
  request: { body: { required: true, content: { "application/json": { schema: newAccessKey } } } },
  responses: {
    201: {
      description: "The key, with its text for this once.",
      content: { "application/json": { schema: createdKey } },
    },
    ...ERRORS,
  },
});

const revokeRoute = createRoute({
  method: "delete",
  path: "/keys/{id}",
  summary: "Revoke a key",
  description: "It is refused everywhere within seconds. Sessions that were opened with it end.",
  tags: ["Access"],
  middleware: requireRole("admin"),
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: findsWith(accessKey, "The key, revoked."),
});

export function addKeyRoutes(app: ApiApp, deps: ApiDeps) {
  const { keys } = deps;
  app.openapi(listRoute, async (c) => {
    const { scope } = c.get("principal");
    const items = await keys.list();
    return c.json({ items: items.filter((key) => isScopeWithin(key.scope, scope)) }, 200);
  });
  app.openapi(createKeyRoute, async (c) => {
    const input = c.req.valid("json");
    if (!isScopeWithin(input.scope, c.get("principal").scope))
      throw new AppError("forbidden", "A key cannot see more than the one who makes it.");
    await record(c, deps, { action: "key.create", target: input.name, detail: input });
    const created = await keys.create(input, c.get("principal").id);
    return c.json(created, 201);
  });
  app.openapi(revokeRoute, async (c) => {
    const { id } = c.req.valid("param");
    await assertWithin(c.get("principal"), deps, id);
    await record(c, deps, { action: "key.revoke", target: id, detail: {} });
    return c.json(await keys.revoke(id, c.get("principal").id), 200);
  });
}

/** A key outside of an administrator's scope is as unknown to them as one that is not there. */
async function assertWithin({ scope }: Principal, { keys }: ApiDeps, id: string) {
  const known = await keys.list();
  if (!known.some((key) => key.id === id && isScopeWithin(key.scope, scope)))
    throw new AppError("not_found", `There is no key ${id}.`);
}

function record(c: Context<ApiEnv>, { audit }: ApiDeps, entry: { action: string; target: string; detail: object }) {
  return audit({ ...entry, actor: c.get("principal").id, requestId: c.get("requestId") });
}
