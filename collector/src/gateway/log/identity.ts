import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { Disk } from "./disk.ts";
import { listSegments } from "./segment.ts";

const identity = z.object({ version: z.literal(1), id: z.string().regex(/^[0-9a-f]{16}$/) });

/**
 * The name of a directory's log, made when the directory is new and kept for ever: positions and tokens count within it.
 * Throws `store_mismatch` when the name is lost although segments are there.
 */
export async function readLogIdentity(directory: string, disk: Disk): Promise<string> {
  const path = join(directory, "log.json");
  const text = await readIfThere(path);
  if (text !== undefined) {
    const parsed = identity.safeParse(parseJson(text));
    if (parsed.success) return parsed.data.id;
    throw new AppError("store_mismatch", `${path} does not name a log. Restore it from a copy.`);
  }
  if ((await listSegments(directory)).length > 0)
    throw new AppError("store_mismatch", `${path} is missing beside the segments of a log. Restore it from a copy.`);
  const id = randomBytes(8).toString("hex");
  await disk.replace(path, Buffer.from(`${JSON.stringify({ version: 1, id })}\n`));
  return id;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
