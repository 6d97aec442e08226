import type { Freshness, Source, SourceState } from "../contract/source.ts";
import { toHref } from "../http/href.ts";
import type { SourceFilter } from "../queries/source-filter.ts";

/**
 * How many feeds are complete, and to what time: the least of what those that report are known to be complete to; null
 * when one of them does not say. Of those that are quiet nothing is claimed.
 */
export function toFreshness(
  sources: readonly Source[],
  filter: SourceFilter & { asOf?: string | undefined },
): Freshness {
  const complete = sources.filter(({ state }) => state === "complete" || state === "reporting");
  const silent = sources.filter(({ state }) => state === "silent");
  const times = complete.filter(({ state }) => state === "reporting").map(({ completeTo }) => completeTo ?? "");
  const count = (value: number, state: SourceState[]) => ({ value, href: toHref("/sources", { ...filter, state }) });
  return {
    feeds: count(sources.length, []),
    complete: count(complete.length, ["complete", "reporting"]),
    silent: count(silent.length, ["silent"]),
    completeTo: times.toSorted()[0] || null,
  };
}
