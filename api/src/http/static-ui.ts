import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { Readable } from "node:stream";
import type { MiddlewareHandler } from "hono";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const ENCODINGS = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

/** Names with a hash of what is inside; they may be kept for ever. */
const HASHED = /^assets\/.+-[\w-]{8,}\.\w+$/;
const FOREVER = "public, max-age=31536000, immutable";

/**
 * Serves the built pages. A path without a file is one of the pages' own and gets `index.html`; a path that looks like a
 * file and is none goes on. Files that stand there compressed are sent so to who takes it.
 */
export function serveUi(directory: string): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== "GET" && c.req.method !== "HEAD") return next();
    const path = toFilePath(c.req.path);
    if (path === undefined) return next();
    const isPage = extname(path) === "";
    const name = isPage ? "index.html" : path;
    const found = await findFile(directory, name, c.req.header("accept-encoding") ?? "");
    if (!found) return next();
    const headers = new Headers({
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-length": String(found.sizeBytes),
      "cache-control": HASHED.test(path) ? FOREVER : "no-cache",
      vary: "Accept-Encoding",
    });
    if (found.encoding !== undefined) headers.set("content-encoding", found.encoding);
    if (c.req.method === "HEAD") return new Response(null, { headers });
    return new Response(ReadableStream.from(Readable.toWeb(createReadStream(found.file))), { headers });
  };
}

/** A path below the folder, or undefined for one that leads out of it or hides. */
function toFilePath(urlPath: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(urlPath)).replace(/^[/\\]+/, "");
    const isHidden = path.split(sep).some((part) => part.startsWith("."));
    return isHidden || path.includes("\0") ? undefined : path;
  } catch {
    return undefined;
  }
}

async function findFile(directory: string, name: string, accepted: string) {
  for (const { name: encoding, ending } of ENCODINGS) {
    if (!accepted.includes(encoding)) continue;
    const file = join(directory, name + ending);
    const sizeBytes = await findSize(file);
    if (sizeBytes !== undefined) return { file, sizeBytes, encoding };
  }
  const file = join(directory, name);
  const sizeBytes = await findSize(file);
  return sizeBytes === undefined ? undefined : { file, sizeBytes, encoding: undefined };
}

async function findSize(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}
