import type { Source } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toTitle } from "../../format/title.ts";
import { useNow } from "../../data/clock.tsx";
import { createOpenRow } from "../../data/open-row.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { formatCoarse } from "../../format/time.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { STATES, createCoverage } from "./coverage-data.ts";
import { FeedFindings } from "./feed-findings.tsx";
import { FINDING_KINDS, FINDING_WORDS } from "./feed-text.ts";
import { SourceDrawer } from "./source-drawer.tsx";
import { SourceStateMark } from "./source-state.tsx";

const FILTERS = [
  { name: "state", title: "State", choices: STATES.map((state) => ({ value: state, title: toTitle(state) })) },
  {
    name: "finding",
    title: "Finding",
    choices: FINDING_KINDS.map((kind) => ({ value: kind, title: FINDING_WORDS[kind].word })),
  },
];

const COLUMNS: Column<Source>[] = [
  {
    id: "state",
    title: "State",
    width: "minmax(104px, 0.7fr)",
    cell: (source) => <SourceStateMark state={source.state} isExcused={source.promise.isExcused} />,
  },
  {
    id: "source",
    title: "Feed",
    width: "minmax(150px, 1.7fr)",
    cell: (source) => <Identifier value={source.source} kind="feed" />,
  },
  {
    id: "sites",
    title: "Sites",
    width: "minmax(150px, 1.3fr)",
    from: 1060,
    cell: (source) => <Sites sites={source.sites.filter((site) => site !== "")} />,
  },
  {
    id: "complete",
    title: "Complete to",
    width: "112px",
    align: "end",
    from: 460,
    cell: (source) =>
      source.completeTo === null ? <span class="quiet">unknown</span> : <Time at={source.completeTo} style="minute" />,
  },
  {
    id: "watermark",
    title: "Known by",
    width: "96px",
    from: 1240,
    cell: (source) => <span class="quiet">{toTitle(source.promise.watermark)}</span>,
  },
  {
    id: "behind",
    title: "Behind",
    width: "92px",
    align: "end",
    from: 960,
    cell: (source) => <Behind source={source} />,
  },
  {
    id: "heard",
    title: "Last heard",
    width: "110px",
    align: "end",
    from: 620,
    cell: (source) => <Time at={source.lastArrivedAt} />,
  },
  countColumn("accepted", 700, ({ accepted }) => accepted),
  countColumn("duplicates", 1340, ({ duplicates }) => duplicates),
  countColumn("superseded", 1540, ({ superseded }) => superseded),
  countColumn("conflicts", 1440, ({ conflicts }) => conflicts),
  countColumn("failed", 820, ({ failed }) => failed),
];

/** The feeds: what is wrong with them, which are heard, how far each is complete, and what it sent. */
export function CoveragePage(): JSX.Element {
  const open = createOpenRow();
  const scope = useScope();
  const { query, read, known, rows, findings } = createCoverage();
  const sayNone = (): string => {
    if (scope.isNarrowed()) return "No feed matches.";
    return scope.asOf() === undefined ? "No feed has sent anything yet." : "No feed had sent anything by then.";
  };
  return (
    <ListPage
      title="Coverage"
      note={<ListNote read={read} text={formatNoun(rows().length, "feed")} hasMore={read.hasNextPage} />}
      filters={
        <>
          <FilterBar filters={FILTERS} textLabel="Part of a feed's name">
            <ExportMenu href={(format) => `/api/v1/sources${toQuery({ ...query(), format })}`} />
          </FilterBar>
          <FeedFindings
            read={findings.read}
            findings={findings.shown()}
            openKey={open.key()}
            hrefOf={(source) => open.hrefOf(source)}
          />
        </>
      }
      drawer={
        <Show when={open.key()}>
          {(key) => (
            <SourceDrawer
              name={key()}
              known={known().find(({ source }) => source === key())}
              findings={findings.all().filter(({ source }) => source === key())}
              closeHref={open.hrefOf(undefined)}
            />
          )}
        </Show>
      }
    >
      <PagedList<Source>
        what="The feeds"
        read={read}
        emptyTitle={sayNone()}
        emptyText={
          <p>
            A feed appears with the first event that it sends to the gateway.
            {scope.isNarrowed() ? " Clear the filters to see all of them." : ""}
          </p>
        }
        label="Feeds"
        rows={rows()}
        columns={COLUMNS}
        keyOf={({ source }) => source}
        versionOf={(source) => `${source.state} ${source.accepted} ${source.completeTo}`}
        nameOf={({ source }) => source}
        hrefOf={({ source }) => open.hrefOf(source)}
        selectedKey={open.key()}
      />
    </ListPage>
  );
}

/** A column of counts, shown from a width on; faults are red. */
function countColumn(id: string, from: number, valueOf: (source: Source) => number): Column<Source> {
  const isFault = id === "conflicts" || id === "failed";
  return {
    id,
    title: toTitle(id),
    width: "88px",
    align: "end",
    from,
    cell: (source) => (
      <span classList={{ quiet: valueOf(source) === 0, late: isFault && valueOf(source) > 0 }}>
        {formatCount(valueOf(source))}
      </span>
    ),
  };
}

function Sites(props: { sites: readonly string[] }): JSX.Element {
  const text = () => props.sites.join(", ");
  return (
    <span class="quiet" title={text()}>
      {text()}
    </span>
  );
}

/** How far the feed's word is behind the present. */
function Behind(props: { source: Source }): JSX.Element {
  const now = useNow();
  return (
    <Show when={props.source.completeTo} fallback={<span class="quiet">unknown</span>}>
      {(at) => <span>{formatCoarse(Math.max(0, now() - Date.parse(at())))}</span>}
    </Show>
  );
}
