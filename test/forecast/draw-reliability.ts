import type { Reliability, ReliabilityRow } from "./reliability.ts";

const SIDE = 360;
const LEFT = 64;
const TOP = 24;
const BARS_TOP = TOP + SIDE + 40;
const BARS_HEIGHT = 80;
const WIDTH = LEFT + SIDE + 120;
const HEIGHT = BARS_TOP + BARS_HEIGHT + 44;

const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** A reliability plot as SVG: said against seen, with the counts of each decile beneath, by their logarithm. */
export function drawReliability(reliability: Reliability): string {
  const { rows } = reliability;
  const points = rows.map((row) => `${toX(row.said)},${toY(row.seen)}`).join(" ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Inter, sans-serif" font-size="12" role="img" aria-label="Share of legs that were late against the chance that was said">
<style>svg{background:#fff;color:#1d2733}.quiet{fill:#5b6875}.line{stroke:#cfd6dd;fill:none}.own{stroke:#0f6674;fill:none;stroke-width:2}.dot,.bar{fill:#0f6674}text{fill:currentColor}@media (prefers-color-scheme:dark){svg{background:#11171d;color:#dde4ea}.quiet{fill:#93a0ac}.line{stroke:#36414c}.own{stroke:#53b6c6}.dot,.bar{fill:#53b6c6}}</style>
${TICKS.map(drawTick).join("\n")}
<line class="line" stroke-dasharray="4 4" x1="${toX(0)}" y1="${toY(0)}" x2="${toX(1)}" y2="${toY(1)}"/>
<text class="quiet" x="${toX(1) + 6}" y="${toY(1) + 4}">as said</text>
<polyline class="own" points="${points}"/>
${rows.map((row) => `<circle class="dot" cx="${toX(row.said)}" cy="${toY(row.seen)}" r="4"/>`).join("\n")}
<text x="${LEFT}" y="14">Share that was late</text>
<text class="quiet" x="${LEFT}" y="${BARS_TOP - 10}">Answers in each tenth</text>
${rows.map(drawBar).join("\n")}
<text x="${toX(1)}" y="${HEIGHT - 6}" text-anchor="end">Chance to be late that was said</text>
</svg>
`;
}

function drawTick(share: number): string {
  const percent = `${Math.round(share * 100)} %`;
  return `<line class="line" x1="${toX(0)}" y1="${toY(share)}" x2="${toX(1)}" y2="${toY(share)}"/>
<text class="quiet" x="${LEFT - 8}" y="${toY(share) + 4}" text-anchor="end">${percent}</text>
<text class="quiet" x="${toX(share)}" y="${BARS_TOP + BARS_HEIGHT + 18}" text-anchor="middle">${percent}</text>`;
}

function drawBar({ decile, n }: ReliabilityRow): string {
  const height = Math.round((Math.log10(n + 1) / 6) * BARS_HEIGHT * 10) / 10;
  const x = toX(decile / 10) + 2;
  const width = SIDE / 10 - 4;
  const y = BARS_TOP + BARS_HEIGHT - height;
  return `<rect class="bar" x="${x}" y="${y}" width="${width}" height="${height}"/>
<text class="quiet" font-size="9" x="${x + width / 2}" y="${y - 3}" text-anchor="middle">${n.toLocaleString("en-US")}</text>`;
}

function toX(share: number): number {
  return Math.round((LEFT + share * SIDE) * 10) / 10;
}

function toY(share: number): number {
  return Math.round((TOP + (1 - share) * SIDE) * 10) / 10;
}
