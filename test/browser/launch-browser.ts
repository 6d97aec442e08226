import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const ON_THE_SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const CACHE = join(tmpdir(), `throughline-chromium-${process.getuid?.() ?? "user"}`);

/** Unpacks the browser; told that it runs on a bare system, the package adds the libraries that a desktop would have. */
const UNPACK = 'import("@sparticuz/chromium").then(({ default: chromium }) => chromium.executablePath())';
const BARE_SYSTEM = { AWS_LAMBDA_JS_RUNTIME: "nodejs24.x" };

/**
 * Starts a headless browser: the one at `CHROMIUM_PATH`, else one of the system's, else the one inside an npm package,
 * which is unpacked once into the folder for temporary files and needs no library of a desktop.
 */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env.CHROMIUM_PATH ?? ON_THE_SYSTEM.find((path) => existsSync(path));
  if (installed !== undefined) return start(installed, process.env);
  const folder = await unpackBrowser(CACHE);
  return start(join(folder, "chromium"), toPackagedEnvironment(folder));
}

/** The browser of the npm package, whatever the system has; `folder` keeps it for the next time. */
export async function launchPackagedBrowser(folder: string): Promise<Browser> {
  const unpacked = await unpackBrowser(folder);
  return start(join(unpacked, "chromium"), toPackagedEnvironment(unpacked));
}

function start(executablePath: string, environment: NodeJS.ProcessEnv): Promise<Browser> {
  const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? ""]));
  return chromium.launch({ executablePath, env, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}

async function unpackBrowser(folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  const fresh = mkdtempSync(`${folder}-`);
  const env = { ...process.env, ...BARE_SYSTEM, TMPDIR: fresh };
  await promisify(execFile)(process.execPath, ["--eval", UNPACK], { cwd: import.meta.dirname, env });
  writeFileSync(join(fresh, "fonts", "fonts.conf"), toFontConfiguration(folder));
  return moveIntoPlace(fresh, folder);
}

/** Another process may have been faster: then its folder is used and ours goes. */
function moveIntoPlace(fresh: string, folder: string): string {
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(fresh, { recursive: true });
  }
  return folder;
}

function toPackagedEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LD_LIBRARY_PATH: [join(folder, "al2023", "lib"), folder].join(":"),
    FONTCONFIG_PATH: join(folder, "fonts"),
  };
}

function toFontConfiguration(folder: string): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`;
}
