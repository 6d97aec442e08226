import { useNavigate, useSearchParams } from "@solidjs/router";
import type { Excuse, ExcusesQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo, createSignal } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { type Names, createNames } from "../../data/names.ts";
import { createMayAct } from "../../data/may-act.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { createKey } from "../../frame/keyboard.tsx";
import { formatNoun } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { ExcuseDrawer } from "./excuse-drawer.tsx";
import { ExcuseStateMark } from "./excuse-state.tsx";
import { EXCUSE_STATES, KIND_WORDS, STATE_FACES, sayCovered } from "./excuse-text.ts";
import { NewExcuseDialog } from "./new-excuse-dialog.tsx";
import "./excuses-page.css";

const KINDS = ["excuse", "pause"] as const;
const FILTERS = [
  { name: "state", title: "State", choices: EXCUSE_STATES.map((value) => ({ value, title: STATE_FACES[value].word })) },
  { name: "kind", title: "Kind", choices: KINDS.map((value) => ({ value, title: KIND_WORDS[value] })) },
];

/** The excuses and pauses: what was requested, by whom and why, and who approved it. */
export function ExcusesPage(): JSX.Element {
  const scope = useScope();
  const navigate = useNavigate();
  const names = createNames();
  const open = createOpenRow();
  const query = createExcusesQuery();
  const mayWrite = createMayAct();
  const [isAsking, setAsking] = createSignal(false);
  const columns = listColumns(names);
  const read = createPagedRead(
    () => "/excuses" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  createKey("n", "Request an excuse or a pause", () => mayWrite() && setAsking(true));
  return (
    <ListPage
      title="Excuses"
      note={<ListNote read={read} text={formatNoun(rows().length, "window")} hasMore={read.hasNextPage} />}
      actions={<Actions mayWrite={mayWrite()} onAsk={() => setAsking(true)} />}
      filters={
        <FilterBar filters={FILTERS} textLabel="Reason">
          <ExportMenu href={(format) => `/api/v1/excuses${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={
        <Show when={open.key()}>
          {(key) => <ExcuseDrawer id={key()} names={names} mayWrite={mayWrite()} closeHref={open.hrefOf(undefined)} />}
        </Show>
      }
    >
      <PagedList<Excuse>
        what="The excuses"
        read={read}
        emptyTitle={scope.isNarrowed() ? "No excuse and no pause matches." : "No excuse and no pause is recorded."}
        emptyText={<EmptyText />}
        label="Excuses and pauses"
        rows={rows()}
        columns={columns}
        keyOf={({ id }) => id}
        versionOf={({ version }) => String(version)}
        nameOf={(row) => `${KIND_WORDS[row.kind]}, ${row.reason}`}
        hrefOf={({ id }) => open.hrefOf(id)}
        selectedKey={open.key()}
      />
      <NewExcuseDialog
        isOpen={isAsking()}
        names={names}
        onClose={() => setAsking(false)}
        onMade={({ id }) => {
          setAsking(false);
          navigate(open.hrefOf(id));
        }}
      />
    </ListPage>
  );
}

function Actions(props: { mayWrite: boolean; onAsk: () => void }): JSX.Element {
  const scope = useScope();
  return (
    <>
      <a class="button" href={scope.linkTo("/calendars")}>
        Calendars
      </a>
      <Show when={props.mayWrite}>
        <Button look="solid" onClick={() => props.onAsk()}>
          Request
        </Button>
      </Show>
    </>
  );
}

function EmptyText(): JSX.Element {
  return (
    <p>
      Time that should not count against legs, such as a release of the ERP or a supplier's holiday, is requested here
      by one person and approved by another. Until then it moves nothing.
    </p>
  );
}

function listColumns(names: Names): Column<Excuse>[] {
  return [
    { id: "state", title: "State", width: "112px", cell: (row) => <ExcuseStateMark state={row.state} /> },
    {
      id: "covers",
      title: "Covers",
      width: "minmax(140px, 1.6fr)",
      cell: (row) => (
        <span class="excuse-cell" title={`${KIND_WORDS[row.kind]}: ${sayCovered(row, names)}`}>
          {sayCovered(row, names)}
        </span>
      ),
    },
    { id: "kind", title: "Kind", width: "72px", from: 980, cell: (row) => KIND_WORDS[row.kind] },
    {
      id: "from",
      title: "From",
      width: "124px",
      from: 480,
      cell: (row) => <Time at={row.from} style="minute" />,
    },
    {
      id: "until",
      title: "Until",
      width: "124px",
      from: 620,
      cell: (row) => (
        <Show when={row.until} fallback={<span class="quiet">open</span>}>
          {(at) => <Time at={at()} style="minute" />}
        </Show>
      ),
    },
    {
      id: "reason",
      title: "Why",
      width: "minmax(120px, 1.4fr)",
      from: 760,
      cell: (row) => (
        <span class="excuse-cell" title={row.reason}>
          {row.reason}
        </span>
      ),
    },
    {
      id: "requested",
      title: "Requested by",
      width: "minmax(96px, 0.7fr)",
      from: 900,
      cell: (row) => <span class="excuse-cell">{row.requestedBy.name}</span>,
    },
    {
      id: "decided",
      title: "Decided by",
      width: "minmax(96px, 0.7fr)",
      from: 1060,
      cell: (row) => <span class="excuse-cell quiet">{sayDecider(row)}</span>,
    },
  ];
}

function sayDecider({ decidedBy, state }: Excuse): string {
  return decidedBy?.name ?? (state === "requested" ? "nobody yet" : "nobody");
}

/** The parameters of the list as the URL has them; the time of the page does not hide a window. */
function createExcusesQuery(): Accessor<Partial<ExcusesQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const { site, domain } = scope.query();
    const asked: Partial<ExcusesQuery> = { ...scope.asOfQuery(), ...(site && { site }), ...(domain && { domain }) };
    const states = EXCUSE_STATES.filter((state) => all(search.state).includes(state));
    const kinds = KINDS.filter((kind) => all(search.kind).includes(kind));
    const text = one(search.q);
    if (states.length > 0) asked.state = states;
    if (kinds.length > 0) asked.kind = kinds;
    if (text !== undefined) asked.q = text;
    return asked;
  });
}
