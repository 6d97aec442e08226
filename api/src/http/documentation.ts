import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiApp, ApiEnv } from "./env.ts";
import { API_BASE } from "./href.ts";

const VERSION = "1";

const FILES: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Throughline API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  </head>
  <body>
    <div id="reference"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: "${API_BASE}/openapi.json", dom_id: "#reference", deepLinking: true, docExpansion: "list" });\n`;

/** The description of the API for programs, OpenAPI 3.1. */
export function toOpenApiDocument(api: ApiApp): object {
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Throughline",
      version: VERSION,
      description:
        "Reads and acts on what the control tower knows. Send a key as a bearer token, or a session's cookie.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: API_BASE }],
    security: [{ key: [] }, { session: [] }],
  });
  return toValidSchemas(document);
}

export function registerSecurity(api: OpenAPIHono<ApiEnv>) {
  api.openAPIRegistry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer" });
  api.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "throughline_session",
  });
}

/** Repairs what the generator writes wrongly: the flags of a pattern, and a reference that may be null. */
function toValidSchemas<Node>(node: Node): Node;
function toValidSchemas(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toValidSchemas);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => {
    if (key === "pattern" && typeof value === "string") return [key, value.replace(/\/u$/, "")];
    if (key === "allOf" && Array.isArray(value) && value.some(isNullable)) {
      return ["anyOf", [...value.filter((part) => !isNullable(part)), { type: "null" }]];
    }
    return [key, toValidSchemas(value)];
  });
  return Object.fromEntries(entries);
}

function isNullable(part: unknown): boolean {
  if (typeof part !== "object" || part === null || !("type" in part)) return false;
  return Array.isArray(part.type) && part.type.includes("null");
}

/** The reference for people, from files of the package beside us; nothing is loaded from elsewhere. */
export function addDocumentation(app: ApiApp, document: object) {
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  app.get(`${API_BASE}/openapi.json`, (c) => c.json(document));
  app.get("/api/docs", (c) => c.html(PAGE));
  app.get("/api/docs/start.js", (c) => c.body(START, 200, { "content-type": "text/javascript; charset=utf-8" }));
  for (const [file, type] of Object.entries(FILES)) {
    app.get(`/api/docs/${file}`, () => {
      const content = Readable.toWeb(createReadStream(join(folder, file)));
      return new Response(ReadableStream.from(content), {
        headers: { "content-type": type, "cache-control": "private, max-age=86400" },
      });
    });
  }
}
