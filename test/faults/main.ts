import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCrashCampaign } from "./crash.ts";
import { runEdgeCampaign } from "./edge.ts";
import { listFormats, runFuzzCampaign } from "./fuzz/run-fuzz-campaign.ts";
import { runLargeFiles } from "./large-file.ts";
import { runSdkSoak } from "./sdk-soak.ts";

/**
 * `npm run faults -- crash [--kills 50] [--seed 1] [--json]` kills the gateway and the engine under load and proves that
 * every acknowledged row is stored exactly once. `npm run faults -- sdk [--events 1000000]` lets the gateway of a host come and
 * go and proves that each of its events arrives. `npm run faults -- fuzz [--minutes 10] [--seed 1]
 * [--formats x12,csv] [--corpus FOLDER]` damages documents of each format for as long. `npm run faults -- large
 * [--megabytes 2000]` reads a file of each format that is larger than memory should hold. `npm run faults -- edge [--kills 20] [--away 120]`
 * kills an edge under load while the gateway is away for so many seconds, and proves that all arrives once. The last line counts what held and what did not.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: "string" },
    away: { type: "string", default: "120" },
    seed: { type: "string", default: "1" },
    events: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "10" },
    formats: { type: "string" },
    megabytes: { type: "string", default: "2000" },
    corpus: { type: "string", default: process.env["THROUGHLINE_CORPUS"] ?? "" },
    json: { type: "boolean", default: false },
  },
});
const write = (text: string) => void process.stdout.write(`${text}\n`);
const say = (text: string) => void process.stderr.write(`${text}\n`);
const kills = Number(values.kills ?? (positionals[0] === "edge" ? 20 : 50));
const awaySeconds = Number(values.away);
const seed = Number(values.seed);
const events = Number(values.events);
const minutes = Number(values.minutes);
const formats = listFormats(values.formats);
const megabytes = Number(values.megabytes);
const corpus = values.corpus === "" ? undefined : values.corpus;
const CAMPAIGNS = {
  edge: (directory: string) => runEdgeCampaign({ directory, kills, seed, awaySeconds, say }),
  crash: (directory: string) => runCrashCampaign({ directory, kills, seed, say }),
  sdk: (directory: string) => runSdkSoak({ directory, events, say }),
  large: () => runLargeFiles({ megabytes, formats: formats ?? [], say }),
  fuzz: () => runFuzzCampaign({ minutes, seed, formats: formats ?? [], corpus, say }),
};
const [campaign = "crash", ...others] = positionals;
const known =
  campaign === "crash" || campaign === "sdk" || campaign === "fuzz" || campaign === "large" || campaign === "edge"
    ? campaign
    : undefined;

const areNumbers = [kills, seed, events, awaySeconds].every(Number.isSafeInteger) && minutes > 0 && megabytes > 0;
if (known === undefined || others.length > 0 || !areNumbers || formats === undefined) {
  say(
    "Campaigns: crash, edge, sdk, fuzz, large. Run one with npm run faults -- crash [--kills 50] [--seed 1] [--json],",
  );
  say(
    "npm run faults -- sdk [--events 1000000] [--json], or npm run faults -- fuzz [--minutes 10] [--formats x12,csv] [--json].",
  );
  process.exitCode = 1;
} else {
  const directory = mkdtempSync(join(tmpdir(), "throughline-faults-"));
  try {
    const checks = await CAMPAIGNS[known](directory);
    for (const { name, finding } of checks) {
      if (values.json) write(JSON.stringify({ campaign, name, passed: finding === "", finding }));
      else write(finding === "" ? `ok      ${name}` : `FAILED  ${name}: ${finding}`);
    }
    const failed = checks.filter(({ finding }) => finding !== "").length;
    (values.json ? say : write)(`${checks.length - failed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
