import { useSearchParams } from "@solidjs/router";
import type { MatchesQuery, MatchSummary } from "@throughline/api/contract";
import { MATCH_CODES, MATCH_OUTCOMES } from "@throughline/schemas/match";
import { type Accessor, createMemo } from "solid-js";
import { all, one, useScope } from "../../data/scope.tsx";
import { useSession } from "../../data/session.tsx";
import { WORK_STATES } from "./match-text.ts";

/** Those who work on matches: who pays, who buys, who receives. */
export const SEATS = ["erp", "procurement", "receiving"] as const;
export type Seat = (typeof SEATS)[number];

const KINDS = ["invoice", "line", "order"] as const;
const SORTS = ["due", "oldest", "entered"] as const;
const TO_DO = ["open", "in_work", "proposed"] as const;

export interface MatchesView {
  /** The parameters of the list; undefined as long as it is not known whose it is. */
  query: Accessor<Partial<MatchesQuery> | undefined>;
  /** Whose work is shown; undefined: everybody's. */
  seat: Accessor<Seat | undefined>;
  /** Work, rather than all results. */
  isWork: Accessor<boolean>;
}

/**
 * What the URL asks for. Without a state, an outcome or a document it is what there is to do, first what is due first; and of
 * who sees only some domains, what is theirs.
 */
export function createMatchesView(summary: Accessor<MatchSummary | undefined>): MatchesView {
  const [search] = useSearchParams();
  const scope = useScope();
  const session = useSession();
  const ownSeat = createMemo((): Seat | undefined => {
    const state = session.state();
    const domains = state.kind === "signed-in" ? state.me.scope.domains : "*";
    const seats = domains === "*" ? [] : SEATS.filter((seat) => domains.includes(seat));
    return seats.length === 1 ? seats[0] : undefined;
  });
  const seat = createMemo(() => {
    const asked = one(search.seat);
    return asked === undefined ? ownSeat() : SEATS.find((known) => known === asked);
  });
  const isWork = createMemo(
    () =>
      all(search.state).length > 0 ||
      ![search.outcome, search.kind, search.invoice, search.order].some((value) => all(value).length > 0),
  );
  const query = createMemo((): Partial<MatchesQuery> | undefined => {
    const owners = findOwners(seat(), { asked: all(search.owner), summary: summary() });
    if (owners === undefined && isWork()) return undefined;
    return {
      ...readFilters(search),
      ...scope.asOfQuery(),
      ...readScope(scope),
      ...(isWork() ? {} : readTimes(search)),
      ...(isWork() ? readWork(search, scope, owners) : {}),
    };
  });
  return { query, seat, isWork };
}

type Search = ReturnType<typeof useSearchParams>[0];

function readScope(scope: ReturnType<typeof useScope>): Partial<MatchesQuery> {
  const { site } = scope.query();
  return site ? { site } : {};
}

/** Figures that count results of a time lead here with it. */
function readTimes(search: Search): Partial<MatchesQuery> {
  const [from, to] = [one(search.from), one(search.to)];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function readFilters(search: Search): Partial<MatchesQuery> {
  const codes = MATCH_CODES.filter((code) => all(search.code).includes(code));
  const outcomes = MATCH_OUTCOMES.filter((outcome) => all(search.outcome).includes(outcome));
  const kinds = KINDS.filter((kind) => all(search.kind).includes(kind));
  const [text, invoice, order] = [one(search.q), one(search.invoice), one(search.order)];
  const suppliers = all(search.supplier);
  return {
    ...(codes.length > 0 && { code: codes }),
    ...(outcomes.length > 0 && { outcome: outcomes }),
    ...(kinds.length > 0 && { kind: kinds }),
    ...(suppliers.length > 0 && { supplier: suppliers }),
    ...(text !== undefined && { q: text }),
    ...(invoice !== undefined && { invoice }),
    ...(order !== undefined && { order }),
  };
}

function readWork(
  search: Search,
  scope: ReturnType<typeof useScope>,
  owners: readonly string[] | undefined,
): Partial<MatchesQuery> {
  const states = WORK_STATES.filter((state) => all(search.state).includes(state));
  if (states.includes("resolved")) return { state: ["resolved"] };
  const sort = SORTS.find((known) => known === one(search.sort)) ?? "due";
  return {
    state: states.length > 0 ? states : [...TO_DO],
    ...(owners && owners.length > 0 && { owner: [...owners] }),
    ...(scope.asOf() === undefined && { sort }),
  };
}

/** The owners whose work is shown: those asked for, else those of the seat; undefined until it is known who they are. */
function findOwners(
  seat: Seat | undefined,
  { asked, summary }: { asked: readonly string[]; summary: MatchSummary | undefined },
): readonly string[] | undefined {
  if (asked.length > 0 || seat === undefined) return asked;
  if (summary === undefined) return undefined;
  const owners = summary.owners.filter(({ owner }) => owner.seat === seat).map(({ owner }) => owner.id);
  return owners.length > 0 ? owners : ["nobody"];
}
