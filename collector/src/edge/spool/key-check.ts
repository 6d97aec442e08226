import { createHmac } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";

/** Throws `invalid_configuration` when the directory was begun with another key: nothing in it could be read, and all would be lost. */
export async function checkSpoolKey(directory: string, secret: Uint8Array): Promise<void> {
  const path = join(directory, "key-check");
  const expected = createHmac("sha256", secret).update("throughline spool key").digest("hex");
  const found = await readFile(path, "utf8").catch(() => undefined);
  if (found === undefined) await writeFile(path, expected, { mode: 0o600, flush: true });
  else if (found !== expected)
    throw new AppError(
      "invalid_configuration",
      `The spool in ${directory} was sealed with another key. Name that key file, or choose another directory.`,
    );
}
