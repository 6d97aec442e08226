import { HOUR, MINUTE } from "../demand.ts";
import { diagnose } from "./diagnose.ts";
import type { Score } from "./score.ts";

/** A score as Markdown: a row for each kind, what was taken for what, and whatever is not as it should be. */
export function renderScore(score: Score): string {
  const { kinds, confusion, falseGreens, alarms, days, events, undecided, consequences } = score;
  const perDay = (alarms.length / days).toFixed(2);
  return [
    `${kinds.reduce((sum, { faults }) => sum + faults, 0)} faults in ${days} days and ${events} events: ` +
      `${falseGreens.length} false greens, ${alarms.length} false alarms (${perDay} a day). ` +
      `${undecided} faults were not decided at the end; ${consequences} findings followed from faults that have one of their own.`,
    "",
    ...toTable(
      ["Fault", "Faults", "Found", "Recall", "Precision", "Found after (median)", "90 % within"],
      kinds.map(({ kind, faults, found, recall, precision, medianMs, p90Ms }) => [
        kind,
        String(faults),
        String(found),
        recall.toFixed(3),
        precision.toFixed(3),
        toLength(medianMs),
        toLength(p90Ms),
      ]),
    ),
    "",
    ...toConfusion(confusion),
  ].join("\n");
}

/** What was missed, taken for something else, or raised without a fault, one a line. */
export function listMistakes({ missed, falseGreens, alarms }: Score): string[] {
  return [
    ...missed.map(({ row, takenFor }) => {
      const what = [row.kind, ...row.objects.map(({ type, id }) => `${type} ${id}`)].join(" ");
      return `${takenFor === undefined ? "missed" : `taken for ${takenFor}`}: ${row.id} ${what} at ${row.onset}`;
    }),
    ...falseGreens.map(({ row }) => `false green: ${row.id} ${row.kind} ${row.expected.flow}/${row.expected.leg}`),
    ...alarms.map((finding) => {
      const about = finding.objects.map(([type, id]) => `${type} ${id}`).join(", ");
      return `false alarm: ${finding.channel} ${finding.name} of ${about}, read as ${diagnose(finding) ?? "nothing known"}: ${finding.detail ?? ""} ${new Date(finding.at || 0).toISOString()}`;
    }),
  ];
}

function toConfusion(cells: Score["confusion"]): string[] {
  const columns = [...new Set(cells.map(({ takenFor }) => takenFor))].toSorted();
  const rows = [...new Set(cells.map(({ fault }) => fault))].toSorted();
  const countOf = (fault: string, takenFor: string) =>
    cells.find((cell) => cell.fault === fault && cell.takenFor === takenFor)?.count;
  return toTable(
    ["Is, and is taken for", ...columns],
    rows.map((fault) => [fault, ...columns.map((takenFor) => String(countOf(fault, takenFor) ?? ""))]),
  );
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((text, index) => Math.max(3, text.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const toLine = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(" | ")} |`;
  return [toLine(head), toLine(widths.map((width) => "-".repeat(width))), ...rows.map(toLine)];
}

function toLength(ms: number | undefined): string {
  if (ms === undefined) return "";
  return ms < 2 * HOUR ? `${Math.round(ms / MINUTE)} min` : `${(ms / HOUR).toFixed(1)} h`;
}
