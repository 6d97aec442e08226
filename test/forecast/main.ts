import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";
import { drawReliability } from "./draw-reliability.ts";
import { measureReliability } from "./reliability.ts";
import { PUBLISHED, runBacktest } from "./run-backtest.ts";

/** Works out the published backtest, prints its table and draws the plot in the docs: `npm run calibrate`. */
const { said, silent } = runBacktest(loadPack(join(ROOT, "config")), PUBLISHED);
const reliability = measureReliability(said);
writeFileSync(join(ROOT, "docs/images/forecast-reliability.svg"), drawReliability(reliability));
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
process.stdout.write("| Said | Mean said | Late | Answers |\n| --- | --: | --: | --: |\n");
for (const { decile, n, said: mean, seen } of reliability.rows)
  process.stdout.write(
    `| ${decile * 10} to ${decile * 10 + 10} % | ${percent(mean)} | ${percent(seen)} | ${n.toLocaleString("en-US")} |\n`,
  );
process.stdout.write(
  `\nanswers ${reliability.n}, none given ${silent}, late ${percent(reliability.baseRate)}, ` +
    `Brier ${reliability.brier.toFixed(4)} (base rate ${reliability.baseBrier.toFixed(4)}), ` +
    `calibration error ${percent(reliability.calibrationError)}\n`,
);
