import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = import.meta.dirname;
const BUILT = join(ROOT, "dist", "index.html");
const SOURCES = ["src", "public", "index.html", "vite.config.ts", "package.json", "../package-lock.json"];

/** Milliseconds of the newest change below a path; 0 where there is none. */
function newestChange(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestChange(join(path, name))), stats.mtimeMs);
}

/** True when `ui/dist` holds the control tower as its sources are now. */
export function isBuilt(): boolean {
  const newestSource = Math.max(...SOURCES.map((source) => newestChange(join(ROOT, source))));
  return newestChange(BUILT) > newestSource;
}

/** Builds the control tower into `ui/dist`, unless it is there already. */
async function buildWhenStale(): Promise<void> {
  if (isBuilt()) return;
  await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "warn" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWhenStale();
