import { type Context, ROOT_CONTEXT, context } from "@opentelemetry/api";
import { fromTraceparent, toTraceparent } from "./headers.ts";

/** What file systems take. */
const MAX_NAME_BYTES = 255;
const CARRIED = /\.tp-([0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})(?=\.[^.]*$|$)/i;

/**
 * Puts `.tp-<traceparent>` before the last extension of a file's name, in place of one that is there: `orders.csv` becomes
 * `orders.tp-00-…-01.csv`. Folders before the name stay. A name that would have more than 255 bytes stays as it is; then
 * use a side-car. Never throws.
 */
export function injectFileName(path: string, from: Context = context.active()): string {
  const traceparent = toTraceparent(from);
  const { folder, name } = split(removeFileNameTrace(path));
  if (traceparent === undefined || name === "" || name.includes("\0")) return path;
  const dot = name.lastIndexOf(".");
  const cut = dot > 0 ? dot : name.length;
  const named = `${name.slice(0, cut)}.tp-${traceparent}${name.slice(cut)}`;
  return Buffer.byteLength(named) > MAX_NAME_BYTES ? path : `${folder}${named}`;
}

/** The context that a file's name carries; undefined when it carries none. Never throws. */
export function extractFileName(path: string, onto: Context = ROOT_CONTEXT): Context | undefined {
  const found = CARRIED.exec(split(path).name)?.[1];
  const carried = fromTraceparent(found?.toLowerCase(), onto);
  return carried === onto ? undefined : carried;
}

/** The name as it was before, for those who look for it. */
export function removeFileNameTrace(path: string): string {
  const { folder, name } = split(path);
  return `${folder}${name.replace(CARRIED, "")}`;
}

function split(path: string): { folder: string; name: string } {
  const slash = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return { folder: path.slice(0, slash + 1), name: path.slice(slash + 1) };
}
