import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * `npm run build -w @throughline/sdk` compiles the package to `dist`, which is what is published: modules, types, the page for
 * people, the licence, and a package.json whose exports name the compiled files.
 */
const folder = import.meta.dirname;
const dist = join(folder, "dist");
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

rmSync(dist, { recursive: true, force: true });
const project = [tsc, "-p", join(folder, "tsconfig.build.json")];
// Comments are for those who read the types.
execFileSync(process.execPath, [...project, "--removeComments", "--declaration", "false"], { stdio: "inherit" });
execFileSync(process.execPath, [...project, "--emitDeclarationOnly"], { stdio: "inherit" });
writeFileSync(join(dist, "package.json"), `${JSON.stringify(toPublished(), null, 2)}\n`);
copyFileSync(join(folder, "README.md"), join(dist, "README.md"));
copyFileSync(join(folder, "../LICENSE"), join(dist, "LICENSE"));

function toPublished(): object {
  const source = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { private: _private, scripts: _scripts, devDependencies: _dev, exports: entries, ...rest } = source;
  const exports = Object.fromEntries(
    Object.entries(entries).map(([entry, file]) => {
      const compiled = String(file).replace("./src/", "./").replace(/\.ts$/, "");
      return [entry, { types: `${compiled}.d.ts`, default: `${compiled}.js` }];
    }),
  );
  return { ...rest, sideEffects: false, exports };
}
