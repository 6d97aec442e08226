import type { ImportSummary } from "@throughline/collector/import/summary";

const SHOWN_REASONS = 5;

/** What an import did, for people. */
export function describeSummary(file: string, summary: ImportSummary, isDryRun: boolean): string {
  const taken = isDryRun ? `${summary.accepted} would be sent` : `${summary.accepted} accepted`;
  const parts = [
    `${summary.read} records read`,
    taken,
    `${summary.duplicates} of them duplicates`,
    ...(summary.resumed > 0 ? [`${summary.resumed} sent by an earlier run`] : []),
    ...(summary.skipped > 0 ? [`${summary.skipped} left out by the mapping`] : []),
    `${summary.refused} refused`,
  ];
  const reasons = summary.reasons
    .slice(0, SHOWN_REASONS)
    .map(
      ({ reason, count, records }) =>
        `  refused ${count}: ${reason} (record${records.length === 1 ? "" : "s"} ${records.join(", ")}${count > records.length ? ", …" : ""})`,
    );
  const more = summary.reasons.length - SHOWN_REASONS;
  const sources = [...summary.sources]
    .slice(0, SHOWN_REASONS)
    .map(
      ([source, { watermark, events }]) =>
        `  ${source}: ${events} events, ${isDryRun ? "last at" : "complete to"} ${watermark}`,
    );
  return [
    `${file}: ${parts.join(", ")}`,
    ...sources,
    ...reasons,
    ...(more > 0 ? [`  and ${more} more reasons`] : []),
  ].join("\n");
}

/** The same for machines. */
export function toJsonSummary(file: string, summary: ImportSummary) {
  return {
    file,
    ...summary,
    activities: Object.fromEntries(summary.activities),
    types: Object.fromEntries(summary.types),
    sources: Object.fromEntries(summary.sources),
  };
}
