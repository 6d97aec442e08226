import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "@throughline/schemas/error";

const importState = z.object({
  file: z.string(),
  digest: z.string(),
  gateway: z.string(),
  /** What the events were made with: mapping and revision. A resumed import has to use the same. */
  recipe: z.string(),
  revision: z.int(),
  /** Records up to this number (from 1) are acknowledged. */
  acknowledged: z.int().min(0),
  isComplete: z.boolean(),
});

/** How far an import of a file into a gateway got. */
export type ImportState = z.infer<typeof importState>;

export interface StateStore {
  find: () => Promise<ImportState | undefined>;
  save: (state: ImportState) => Promise<void>;
}

/** One small file for each imported file and gateway, replaced as a whole, so that a crash leaves the old or the new one. */
export function createStateStore(directory: string, digest: string, gateway: string): StateStore {
  const target = createHash("sha256").update(gateway).digest("hex").slice(0, 12);
  const path = join(directory, `${digest.slice(0, 32)}-${target}.json`);
  return {
    find: async () => {
      const text = await readIfPresent(path);
      if (text === undefined) return undefined;
      const parsed = importState.safeParse(parseJson(text));
      if (parsed.success) return parsed.data;
      throw new AppError(
        "invalid_configuration",
        `${path} cannot be read as the state of an import; remove it to import anew.`,
      );
    },
    save: async (state) => {
      await mkdir(directory, { recursive: true });
      await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`);
      await rename(`${path}.new`, path);
    },
  };
}

async function readIfPresent(path: string): Promise<string | undefined> {
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
