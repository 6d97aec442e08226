import { z } from "zod";
import { isTraceparent } from "../map/traceparent.ts";
import type { FileStore } from "./file-store.ts";

const SUFFIX = ".trace.json";
/** A side-car, or one that is being written. */
const SIDE_CAR = /\.trace\.json(\.[0-9a-f-]{36}\.tmp)?$/;
const NAMED = /\.tp-(?<traceparent>[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})(\.[^.]*)?$/i;
const MAX_BYTES = 65_536;

const sideCar = z.object({ traceparent: z.string(), sha256: z.string() });

/** Whether a file is the side-car of another rather than something to read. */
export function isSideCar(name: string): boolean {
  return SIDE_CAR.test(name);
}

export function toSideCarName(name: string): string {
  return `${name}${SUFFIX}`;
}

/**
 * The W3C traceparent that came with a file: in a side-car that was written for this content, else in its name. Undefined when there is
 * none, and when a side-car is of another content, too large or malformed.
 */
export async function findFileTrace(files: FileStore, name: string, digest: string): Promise<string | undefined> {
  return (await findSideCarTrace(files, name, digest)) ?? findNamedTrace(name);
}

function findNamedTrace(name: string): string | undefined {
  const found = NAMED.exec(name)?.groups?.["traceparent"]?.toLowerCase();
  return found !== undefined && isTraceparent(found) ? found : undefined;
}

async function findSideCarTrace(files: FileStore, name: string, digest: string): Promise<string | undefined> {
  const path = toSideCarName(name);
  const look = await files.look(path);
  if (look === undefined || look.sizeBytes > MAX_BYTES) return undefined;
  const parsed = sideCar.safeParse(await readJson(files, path));
  const isOfThis = parsed.success && parsed.data.sha256 === digest && isTraceparent(parsed.data.traceparent);
  return isOfThis ? parsed.data.traceparent : undefined;
}

async function readJson(files: FileStore, path: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of files.read(path)) {
    const bytes = Buffer.from(chunk);
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_BYTES) return undefined;
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}
