import { MATCH_OUTCOMES, matchOutcome } from "@throughline/schemas/match";
import type { FinanceSeat, FinanceSeatQuery } from "../contract/seat.ts";
import type { ApiDeps } from "../http/deps.ts";
import { toHref } from "../http/href.ts";
import { OPEN_WORK, groupWork } from "../matches/group-work.ts";
import type { Asker } from "../queries/ask.ts";
import { findProjectionLag } from "../queries/find-projection-lag.ts";
import { hasAnyMatch } from "../queries/has-any-match.ts";
import { sumOpenWork } from "../queries/sum-matches.ts";
import { sumPositions } from "../queries/sum-positions.ts";
import { toInstant } from "../queries/time-range.ts";
import { countLines, toSeatMoney } from "./seat-money.ts";
import { type ReadSeatFeeds, findUnmatchable } from "./seat-reading.ts";

/** What finance sees: what is bound, owed and blocked now. Where nothing can be said it says why, and has no figure. */
export async function readFinanceSeat(
  deps: ApiDeps & { readFeeds: ReadSeatFeeds },
  asker: Asker,
  { site, company }: FinanceSeatQuery,
): Promise<FinanceSeat> {
  const { reader, readFeeds, hasReconciler } = deps;
  const now = deps.now();
  const [feeds, reconciler, because] = await Promise.all([
    readFeeds(asker, { seat: "finance", site }),
    hasReconciler ? findProjectionLag(reader, asker, { projector: "reconciler", now }) : null,
    findReason(deps, asker),
  ]);
  const figures = because === undefined ? await readFigures(deps, asker, { site, company }) : null;
  return { readAt: toInstant(now), feeds, reconciler, because: because ?? null, figures };
}

/** Why nothing can be said of matches; undefined where something can. */
export async function findReason(deps: ApiDeps, asker: Asker): Promise<string | undefined> {
  const because = findUnmatchable(asker, deps);
  if (because !== undefined || (await hasAnyMatch(deps.reader, asker))) return because;
  return "no order line or invoice that you may see was ever matched: none has arrived yet";
}

async function readFigures(
  { reader, pack, now }: ApiDeps,
  asker: Asker,
  filter: FinanceSeatQuery,
): Promise<NonNullable<FinanceSeat["figures"]>> {
  const routing = pack.matchRouting;
  const today = toInstant(now()).slice(0, 10);
  const sumWork = (by: "owner" | "outcome") => sumOpenWork(reader, asker, { by, filter, routing, states: OPEN_WORK });
  const [positions, owners, outcomes] = await Promise.all([
    sumPositions(reader, asker, { filter, today, bySupplier: false }),
    sumWork("owner"),
    sumWork("outcome"),
  ]);
  const link = (more: Record<string, string>) =>
    toHref("/matches", { ...filter, state: OPEN_WORK, sort: "due", ...more });
  return {
    commitments: toSeatMoney(positions, "commitments", filter),
    overdue: toSeatMoney(positions, "overdue", filter),
    owed: toSeatMoney(positions, "owed", filter),
    unreceived: toSeatMoney(positions, "unreceived", filter),
    unknown: countLines(positions, "unknown_lines", filter),
    blocked: groupWork(outcomes, (outcome) => link({ outcome }))
      .flatMap(({ name, ...sums }) => {
        const outcome = matchOutcome.safeParse(name);
        return outcome.success ? [{ outcome: outcome.data, ...sums }] : [];
      })
      .toSorted((a, b) => MATCH_OUTCOMES.indexOf(b.outcome) - MATCH_OUTCOMES.indexOf(a.outcome)),
    owners: groupWork(owners, (owner) => link({ owner }))
      .map(({ name, ...sums }) => ({ owner: routing?.owners.find(({ id }) => id === name) ?? null, ...sums }))
      .toSorted((a, b) => Number(a.owner === null) - Number(b.owner === null)),
  };
}
