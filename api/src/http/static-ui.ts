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
 * Serves the built pages. A path that is no file is one of the pages' own and gets `index.html`, unless it is asked for as
 * a part of a page. Files that stand there compressed are sent so to who takes it.
 */
export function serveUi(directory: string): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== "GET" && c.req.method !== "HEAD") return next();
    const path = toFilePath(c.req.path);
    if (path === undefined) return next();
    const accepted = c.req.header("accept-encoding") ?? "";
    const isPage = extname(path) === "" || (c.req.header("accept") ?? "").includes("text/html");
    const found =
      (await findFile(directory, path, accepted)) ??
      (isPage ? await findFile(directory, "index.html", accepted) : undefined);
    if (!found) return next();
    const headers = toHeaders(found);
    if (c.req.method === "HEAD") return new Response(null, { headers });
    return new Response(ReadableStream.from(Readable.toWeb(createReadStream(found.file))), { headers });
  };
}

interface FoundFile {
  name: string;
  file: string;
  sizeBytes: number;
  encoding: string | undefined;
}

function toHeaders({ name, sizeBytes, encoding }: FoundFile): Headers {
  const headers = new Headers({
    "content-type": TYPES[extname(name)] ?? "application/octet-stream",
    "content-length": String(sizeBytes),
    "cache-control": HASHED.test(name) ? FOREVER : "no-cache",
    vary: "Accept-Encoding",
  });
  if (encoding !== undefined) headers.set("content-encoding", encoding);
  return headers;
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

async function findFile(directory: string, name: string, accepted: string): Promise<FoundFile | undefined> {
  const taken = ENCODINGS.filter((encoding) => accepted.includes(encoding.name));
  for (const { name: encoding, ending } of [...taken, { name: undefined, ending: "" }]) {
    const file = join(directory, name + ending);
    const sizeBytes = await findSize(file);
    if (sizeBytes !== undefined) return { name, file, sizeBytes, encoding };
  }
  return undefined;
}

async function findSize(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}
