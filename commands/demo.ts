import { join } from "node:path";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { createWriter, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { AppError } from "@throughline/schemas/error";
import { type Command, InvalidArgumentError } from "commander";
import type { Logger } from "pino";
import { runDemo } from "../test/simulator/demo.ts";
import { type Legacy, startLegacy } from "../test/simulator/legacy/start-legacy.ts";
import { prepareDemoPack } from "./demo-pack.ts";
import { type ScoreOptions, USUAL_WEEK, scoreScenario } from "./score-scenario.ts";
import { announce, listRoles, startTower, stopWithProcess, type Tower } from "./serve.ts";
import type { Settings } from "./settings.ts";

const DEMO_ACTOR = "demo";

interface DemoOptions extends ScoreOptions {
  score?: boolean;
  hospitals: number;
  speed?: number;
}

/** `throughline demo`: a tower of its own, filled with a simulated trade that goes on live. */
export function addDemoCommand(
  program: Command,
  context: { settings: () => Settings; createLogger: (level: string) => Logger },
) {
  program
    .command("demo")
    .description("run a tower with simulated hospitals: two weeks of history, then live")
    .option("--seed <number>", "another trade, the same for the same number", parseWhole, 1)
    .option("--days <number>", "days of history, 399 at most", createWholeParser(399), 14)
    .option("--hospitals <number>", "how many, 50 at most", createWholeParser(50), 3)
    .option(
      "--speed <number>",
      "how many times faster than the clock history passes; as fast as it can unless given",
      createWholeParser(100_000),
    )
    .option("--score", "play a scenario into an empty tower, by its own clock, and say what the tower found of it")
    .option("--scenario <file>", "with --score: what goes wrong, and when", USUAL_WEEK)
    .option("--seeds <number>", "with --score: so many seeds, one after the other", parseWhole, 1)
    .action(async (options: DemoOptions) => {
      if (options.score === true) return scoreScenario(options);
      const settings = context.settings();
      const dataDirectory = join(settings.dataDirectory, "demo");
      const configDirectory = prepareDemoPack(settings.configDirectory, join(dataDirectory, "config"));
      const demo = { ...settings, dataDirectory, configDirectory, logLevel: "warn" };
      const tower = await startTower(demo, { roles: listRoles(demo), logger: context.createLogger("warn") });
      const stopping = new AbortController();
      const legacy = createLegacy(tower, { settings: demo, options });
      const trade = sendTrade(tower, { settings: demo, options, signal: stopping.signal, onLive: legacy.start });
      stopWithProcess({
        stop: async () => {
          stopping.abort();
          await trade.catch(() => undefined);
          await legacy.stop();
          await tower.stop();
        },
      });
      await trade;
    });
}

/** The hospital whose systems edges read. What keeps it from starting is said, and the trade goes on without it. */
function createLegacy(tower: Tower, { settings, options }: { settings: Settings; options: DemoOptions }) {
  let starting: Promise<Legacy | undefined> = Promise.resolve(undefined);
  const start = async (): Promise<Legacy | undefined> => {
    try {
      const folder = join(settings.dataDirectory, "legacy");
      const key = await createIngestKey(tower.connection, "Demo edges");
      const legacy = await startLegacy({ folder, gatewayUrl: toGatewayUrl(tower), key, seed: options.seed });
      process.stdout.write(`${legacy.lines.join("\n")}\n`);
      return legacy;
    } catch (error) {
      const reason = error instanceof AppError ? error.message : String(error);
      process.stderr.write(`The legacy systems and their edges did not start: ${reason}\n`);
      return undefined;
    }
  };
  return {
    start: () => {
      starting = start();
    },
    stop: async () => (await starting)?.stop(),
  };
}

function toGatewayUrl(tower: Tower): string {
  const gatewayUrl = tower.ready.get("gateway")?.url;
  if (gatewayUrl === undefined) throw new AppError("unavailable", "The gateway has not said where it listens.");
  return gatewayUrl;
}

async function sendTrade(
  tower: Tower,
  demo: { settings: Settings; options: DemoOptions; signal: AbortSignal; onLive: () => void },
) {
  const gatewayUrl = toGatewayUrl(tower);
  const startedAt = Date.now();
  let hasAnnounced = false;
  const write = (text: string) => process.stderr.isTTY && process.stderr.write(text);
  announce(tower, demo.settings);
  await runDemo({
    gatewayUrl,
    key: await createIngestKey(tower.connection, "Demo"),
    ...demo.options,
    signal: demo.signal,
    truthFile: join(demo.settings.dataDirectory, "truth.ndjson"),
    onProgress: ({ share, events, isLive }) => {
      write(`\rSending ${demo.options.days} days of trade: ${Math.round(share * 100)} % (${events} events)  `);
      if (!isLive || hasAnnounced) return;
      hasAnnounced = true;
      write("\n");
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      process.stdout.write(
        `${events} events of ${demo.options.days} days sent in ${seconds} s; the trade goes on live.\n`,
      );
      process.stdout.write(`The faults that were put in: ${join(demo.settings.dataDirectory, "truth.ndjson")}\n`);
      announce(tower, demo.settings);
      demo.onLive();
    },
  });
}

async function createIngestKey(connection: StoreConnection, name: string): Promise<string> {
  const writer = createWriter(connection);
  const keys = await createKeyDirectory({ writer });
  try {
    const input = { name, roles: ["ingest" as const], scope: { sites: "*" as const, domains: "*" as const } };
    return (await keys.create(input, DEMO_ACTOR)).text;
  } finally {
    keys.close();
    await writer.close();
  }
}

function parseWhole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("must be a whole number of 1 or more");
  return value;
}

function createWholeParser(most: number): (text: string) => number {
  return (text) => {
    const value = parseWhole(text);
    if (value > most) throw new InvalidArgumentError(`must be ${most} at most`);
    return value;
  };
}
