import { join } from "node:path";

/** The folder that holds the whole project. */
export const ROOT = join(import.meta.dirname, "../..");
