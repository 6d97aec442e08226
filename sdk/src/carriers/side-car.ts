import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { type Context, ROOT_CONTEXT, context } from "@opentelemetry/api";
import { fromFields, pickFields, toFields } from "./w3c.ts";

const SUFFIX = ".trace.json";
const MAX_BYTES = 65_536;

export interface SideCarOptions {
  /** The active context unless given. */
  from?: Context;
  /** Where the content lies until it gets its name; the path itself unless given. */
  contentPath?: string;
}

/** The side-car of a file: its path with `.trace.json` behind it. */
export function toSideCarPath(path: string): string {
  return `${path}${SUFFIX}`;
}

/**
 * Writes what the context carries beside a file, with the SHA-256 of its content, so that it is never taken for another file of
 * the same name. Give the side-car before the file gets its name: write to another name, call this with `contentPath`, then rename. Resolves to
 * false when there is no trace or the disk failed. Never rejects.
 */
export async function writeSideCar(path: string, options: SideCarOptions = {}): Promise<boolean> {
  const { from = context.active(), contentPath = path } = options;
  const fields = toFields(from);
  if (fields.traceparent === undefined) return false;
  const written = `${toSideCarPath(path)}.${randomUUID()}.tmp`;
  try {
    const sha256 = await toDigest(contentPath);
    await writeFile(written, `${JSON.stringify({ ...fields, sha256 })}\n`, { flag: "wx" });
    await rename(written, toSideCarPath(path));
    return true;
  } catch {
    await rm(written, { force: true }).catch(() => undefined);
    return false;
  }
}

/**
 * The context of the side-car of a file. Undefined when there is none, when it has more than 64 KB or is malformed, and when
 * the file is not the one that it was written for. Reads the whole file once. Never rejects.
 */
export async function readSideCar(path: string, onto: Context = ROOT_CONTEXT): Promise<Context | undefined> {
  try {
    const found: unknown = JSON.parse(await readBounded(toSideCarPath(path)));
    if (typeof found !== "object" || found === null || !("sha256" in found)) return undefined;
    const carried = fromFields(pickFields(found), onto);
    if (carried === onto || found.sha256 !== (await toDigest(path))) return undefined;
    return carried;
  } catch {
    return undefined;
  }
}

/** Fails when there is more than a side-car may have. */
async function readBounded(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
    if (bytesRead > MAX_BYTES) throw new Error("The side-car is too large.");
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function toDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
