import { matchCode } from "@throughline/schemas/match";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type MatchSummary, type MatchSummaryQuery, workState } from "../contract/match-work.ts";
import { toHref } from "../http/href.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { MatchFilter } from "../queries/match-filter.ts";
import { type WorkGroup, countOutcomes, sumOpenWork } from "../queries/sum-matches.ts";
import { OPEN_WORK, groupWork } from "./group-work.ts";

/** What there is to do about matches, and how many results there are of each outcome. */
export async function summarizeMatches(
  { reader, asker, pack }: { reader: StoreReader; asker: Asker; pack: Pick<Pack, "matchRouting"> },
  query: MatchSummaryQuery,
): Promise<MatchSummary> {
  const routing = pack.matchRouting;
  const { code, from, to, ...rest } = query;
  const times = { ...(from && { from: `${from}T00:00:00Z` }), ...(to && { to: `${to}T00:00:00Z` }) };
  const filter: MatchFilter = { ...rest, ...(code && { code: [code] }), ...times };
  // What is accepted is nobody's to do; it is counted by its state alone.
  const sum = (by: WorkGroup, states?: typeof OPEN_WORK) => sumOpenWork(reader, asker, { by, filter, routing, states });
  const [states, owners, codes, outcomes] = await Promise.all([
    sum("state"),
    sum("owner", OPEN_WORK),
    sum("code", OPEN_WORK),
    countOutcomes(reader, asker, query),
  ]);
  const link = (more: Record<string, string | readonly string[]>) => toHref("/matches", { ...filter, ...more });
  const sortByDue = { sort: "due" };
  const toDo = { ...sortByDue, state: OPEN_WORK };
  return {
    states: groupWork(states, (name) => link({ ...sortByDue, state: name })).flatMap(({ name, ...sums }) => {
      const state = workState.safeParse(name);
      return state.success ? [{ state: state.data, ...sums }] : [];
    }),
    owners: groupWork(owners, (name) => link({ ...toDo, owner: name })).flatMap(({ name, ...sums }) => {
      const owner = routing?.owners.find(({ id }) => id === name);
      return owner ? [{ owner, ...sums }] : [];
    }),
    codes: groupWork(codes, (name) => link({ ...toDo, code: name })).flatMap(({ name, ...sums }) => {
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
