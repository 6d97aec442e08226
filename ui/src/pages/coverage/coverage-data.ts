import { useSearchParams } from "@solidjs/router";
import type { FeedFinding, SourcesQuery } from "@throughline/api/contract";
import { type Accessor, createEffect, createMemo } from "solid-js";
import { createPagedRead, createRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { FINDING_KINDS } from "./feed-text.ts";

export const STATES = ["silent", "quiet", "reporting", "complete"] as const;

/** The feeds of the page and what is wrong with them, both narrowed by the filters in the URL. */
export function createCoverage() {
  const [search] = useSearchParams();
  const scope = useScope();
  const query = createSourcesQuery();
  const read = createPagedRead(
    () => "/sources" as const,
    () => ({ query: query() }),
  );
  const known = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const kinds = createMemo(() => FINDING_KINDS.filter((kind) => all(search.finding).includes(kind)));
  /** A finding names no site and no state, so what is asked of these is asked of its feed. A log is for all feeds. */
  const isOfFeeds = () => query().state !== undefined || scope.sites().length + scope.domains().length > 0;
  const findings = createFindings((finding) => {
    const isKind = kinds().length === 0 || kinds().includes(finding.kind);
    const isNamed = finding.source.toLowerCase().includes((one(search.q) ?? "").toLowerCase());
    const isForAll = finding.kind === "log-gap" || !isOfFeeds();
    return isKind && isNamed && (isForAll || known().some(({ source }) => source === finding.source));
  });
  const rows = createMemo(() => {
    const sources = new Set(findings.shown().map(({ source }) => source));
    return kinds().length === 0 ? known() : known().filter(({ source }) => sources.has(source));
  });
  createEffect(() => {
    const needsAll = kinds().length > 0 || isOfFeeds();
    if (needsAll && read.hasNextPage && !read.isFetchingNextPage) void read.fetchNextPage();
  });
  return { query, read, known, rows, findings };
}

/** What is wrong with the feeds in the page's time: all of it, and what is wanted of it. */
function createFindings(isWanted: (finding: FeedFinding) => boolean) {
  const scope = useScope();
  const read = createRead(
    "/sources/findings",
    () => {
      const { from, to } = scope.countQuery();
      return { query: { ...(from && { from }), ...(to && { to }), ...scope.asOfQuery() } };
    },
    () => ({ isKept: true }),
  );
  const found = createMemo(() => (read.isSuccess ? read.data.items : []));
  const shown = createMemo(() => found().filter(isWanted));
  return { read, all: found, shown };
}

/** The parameters of the list as the URL has them. */
function createSourcesQuery(): Accessor<Partial<SourcesQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const asked: Partial<SourcesQuery> = { ...scope.countQuery(), ...scope.asOfQuery() };
    const states = STATES.filter((state) => all(search.state).includes(state));
    const text = one(search.q);
    if (states.length > 0) asked.state = states;
    if (text !== undefined) asked.q = text;
    return asked;
  });
}
