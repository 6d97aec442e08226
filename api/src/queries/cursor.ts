import { createHash } from "node:crypto";
import { AppError } from "@throughline/schemas/error";
import type { z } from "zod";

/** A place in a list as text, bound to the list's filters by a digest of them. */
export function toCursor(place: object, filters: object): string {
  return Buffer.from(JSON.stringify({ place, of: digest(filters) })).toString("base64url");
}

/** Reads a cursor. Throws `invalid_request` for one that is none, or that belongs to a list with other filters. */
export function parseCursor<Place extends z.ZodType>(cursor: string, place: Place, filters: object): z.infer<Place> {
  const read = parseJson(Buffer.from(cursor, "base64url").toString("utf8"));
  const issues = [{ path: "/query/cursor", message: "is not a cursor of this list with these filters" }];
  const isOurs =
    typeof read === "object" && read !== null && "place" in read && "of" in read && read.of === digest(filters);
  const parsed = place.safeParse(isOurs ? read.place : undefined);
  if (!parsed.success)
    throw new AppError("invalid_request", "The cursor cannot be read. Start from the first page.", { issues });
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function digest(filters: object): string {
  const entries = Object.entries(filters).filter(([, value]) => value !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("base64url").slice(0, 16);
}
