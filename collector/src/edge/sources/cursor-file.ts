import { mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";

/** What a source must remember of how far it read, kept as JSON in its folder. Unreadable is as if it were not there. */
export function openCursorFile<Schema extends z.ZodType>(directory: string, name: string, schema: Schema) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${name}.json`);
  return {
    read: (): z.infer<Schema> | undefined => {
      try {
        return schema.parse(JSON.parse(readFileSync(path, "utf8")));
      } catch {
        return undefined;
      }
    },
    /** On disk when it returns; the old one or the new one after a crash, never half of it. */
    write: async (value: z.infer<Schema>): Promise<void> => {
      await writeFile(`${path}.new`, JSON.stringify(value), { mode: 0o600, flush: true });
      await rename(`${path}.new`, path);
    },
  };
}
