import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJsonSchemas } from "@throughline/schemas/json-schemas";

const directory = join(import.meta.dirname, "json");
mkdirSync(directory, { recursive: true });
for (const [name, text] of toJsonSchemas()) writeFileSync(join(directory, name), text);
