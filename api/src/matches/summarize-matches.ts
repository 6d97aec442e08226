import { formatFixed, parseRational } from "@throughline/schemas/exact/rational";
import { matchCode } from "@throughline/schemas/match";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type MatchSummary, type MatchSummaryQuery, workState } from "../contract/match-work.ts";
import { toHref } from "../http/href.ts";
import { minorDigitsOf } from "../projections/matches/currency.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { MatchFilter } from "../queries/match-filter.ts";
import { type WorkGroup, type WorkSum, countOutcomes, sumOpenWork } from "../queries/sum-matches.ts";

/** What there is to do about matches, and how many results there are of each outcome. */
export async function summarizeMatches(
  { reader, asker, pack }: { reader: StoreReader; asker: Asker; pack: Pick<Pack, "matchRouting"> },
  query: MatchSummaryQuery,
): Promise<MatchSummary> {
  const routing = pack.matchRouting;
  const { code, from, to, ...rest } = query;
  const times = { ...(from && { from: `${from}T00:00:00Z` }), ...(to && { to: `${to}T00:00:00Z` }) };
  const filter: MatchFilter = { ...rest, ...(code && { code: [code] }), ...times };
  const sum = (by: WorkGroup) => sumOpenWork(reader, asker, { by, filter, routing });
  const [states, owners, codes, outcomes] = await Promise.all([
    sum("state"),
    sum("owner"),
    sum("code"),
    countOutcomes(reader, asker, query),
  ]);
  const link = (more: Record<string, string>) => toHref("/matches", { ...filter, ...more });
  const sortByDue = { sort: "due" };
  return {
    states: group(states, (name) => link({ ...sortByDue, state: name })).flatMap(({ name, ...sums }) => {
      const state = workState.safeParse(name);
      return state.success ? [{ state: state.data, ...sums }] : [];
    }),
    owners: group(owners, (name) => link({ ...sortByDue, owner: name })).flatMap(({ name, ...sums }) => {
      const owner = routing?.owners.find(({ id }) => id === name);
      return owner ? [{ owner, ...sums }] : [];
    }),
    codes: group(codes, (name) => link({ ...sortByDue, code: name })).flatMap(({ name, ...sums }) => {
      const known = matchCode.safeParse(name);
      return known.success ? [{ code: known.data, ...sums }] : [];
    }),
    outcomes: outcomes.map(({ kind, outcome, results }) => ({
      kind,
      outcome,
      results: { value: results, href: link({ kind, outcome }) },
    })),
  };
}

/** The sums of each name together: results of all currencies, and the money of each. */
function group(sums: readonly WorkSum[], hrefOf: (name: string) => string) {
  return [...Map.groupBy(sums, ({ name }) => name)]
    .map(([name, parts]) => ({
      name,
      results: { value: parts.reduce((total, { results }) => total + results, 0), href: hrefOf(name) },
      stakes: parts.flatMap(({ currency, stake }) => {
        const value = parseRational(stake);
        return currency === "" || value === undefined
          ? []
          : [{ value: formatFixed(value, minorDigitsOf(currency)), currency }];
      }),
    }))
    .toSorted((a, b) => b.results.value - a.results.value);
}
