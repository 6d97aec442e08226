import { useNavigate, useSearchParams } from "@solidjs/router";
import type { Translation, TranslationsQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo, createSignal } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createMayAct } from "../../data/may-act.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { createKey } from "../../frame/keyboard.tsx";
import { Button } from "../../parts/button.tsx";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { ImportBar } from "./import-bar.tsx";
import { ProposeDialog } from "./propose-dialog.tsx";
import { TranslationDrawer } from "./translation-drawer.tsx";
import { TranslationStateMark } from "./translation-state.tsx";
import {
  EMPTY_DRAFT,
  KIND_WORDS,
  KINDS,
  sayDays,
  sayPlace,
  STATE_FACES,
  toReplacement,
  TRANSLATION_STATES,
  type TranslationDraft,
} from "./translation-text.ts";
import "./crosswalks.css";

const FILTERS = [
  {
    name: "state",
    title: "State",
    choices: TRANSLATION_STATES.map((value) => ({ value, title: STATE_FACES[value].word })),
  },
  { name: "kind", title: "Kind", choices: KINDS.map((value) => ({ value, title: KIND_WORDS[value] })) },
];

/** What the codes of others are called here: what holds, what is proposed, and what was ever said. */
export function TranslationsPage(): JSX.Element {
  const scope = useScope();
  const navigate = useNavigate();
  const open = createOpenRow();
  const query = createTranslationsQuery();
  const mayWrite = createMayAct();
  const [proposal, setProposal] = createSignal<TranslationDraft>();
  const read = createPagedRead(
    () => "/crosswalks" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  createKey("n", "Propose a translation", () => mayWrite() && setProposal(EMPTY_DRAFT));
  return (
    <ListPage
      title="Translations"
      note={<ListNote read={read} text={formatNoun(rows().length, "translation")} hasMore={read.hasNextPage} />}
      actions={<Actions mayWrite={mayWrite()} onPropose={() => setProposal(EMPTY_DRAFT)} />}
      filters={<Filters query={query()} rows={rows()} mayWrite={mayWrite()} />}
      drawer={
        <Show when={open.key()}>
          {(key) => (
            <TranslationDrawer
              id={key()}
              mayWrite={mayWrite()}
              closeHref={open.hrefOf(undefined)}
              onReplace={(translation) => setProposal(toReplacement(translation))}
            />
          )}
        </Show>
      }
    >
      <PagedList<Translation>
        what="The translations"
        read={read}
        emptyTitle={scope.isNarrowed() ? "No translation matches." : "No translation is recorded."}
        emptyText={<EmptyText />}
        label="Translations"
        rows={rows()}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        versionOf={({ revision }) => String(revision)}
        nameOf={({ from, to }) => `${from} is ${to}`}
        hrefOf={({ id }) => open.hrefOf(id)}
        selectedKey={open.key()}
      />
      <ProposeDialog
        isOpen={proposal() !== undefined}
        {...(proposal()?.replaces && { draft: proposal() })}
        onClose={() => setProposal(undefined)}
        onMade={({ id }) => {
          setProposal(undefined);
          navigate(open.hrefOf(id));
        }}
      />
    </ListPage>
  );
}

function Filters(props: {
  query: Partial<TranslationsQuery>;
  rows: readonly Translation[];
  mayWrite: boolean;
}): JSX.Element {
  return (
    <>
      <Show when={props.query.importId?.[0]}>
        {(id) => <ImportBar id={id()} rows={props.rows} mayWrite={props.mayWrite} />}
      </Show>
      <FilterBar filters={FILTERS} textLabel="Value, reason or person">
        <ExportMenu href={(format) => `/api/v1/crosswalks${toQuery({ ...props.query, format })}`} />
      </FilterBar>
    </>
  );
}

function Actions(props: { mayWrite: boolean; onPropose: () => void }): JSX.Element {
  const scope = useScope();
  return (
    <>
      <a class="button" href={scope.linkTo("/crosswalks")}>
        What waits
      </a>
      <Show when={props.mayWrite}>
        <a class="button" href={scope.linkTo("/crosswalks/import")}>
          Import
        </a>
        <Button look="solid" onClick={() => props.onPropose()}>
          Propose
        </Button>
      </Show>
    </>
  );
}

function EmptyText(): JSX.Element {
  return (
    <p>
      What a code of a partner is called here is proposed by one person and approved by another. Many at once come as a
      CSV file.
    </p>
  );
}

const toCell = (text: string): JSX.Element => (
  <span class="crosswalk-cell" title={text}>
    {text}
  </span>
);

const COLUMNS: Column<Translation>[] = [
  { id: "state", title: "State", width: "104px", cell: (row) => <TranslationStateMark state={row.state} /> },
  { id: "kind", title: "Kind", width: "92px", from: 860, cell: (row) => KIND_WORDS[row.kind] },
  {
    id: "from",
    title: "Others write",
    width: "minmax(110px, 1fr)",
    cell: (row) => <span class="crosswalk-code crosswalk-cell">{row.from}</span>,
  },
  {
    id: "to",
    title: "Here it is",
    width: "minmax(110px, 1fr)",
    cell: (row) => <span class="crosswalk-code crosswalk-cell">{row.to}</span>,
  },
  { id: "days", title: "Days", width: "minmax(110px, 0.9fr)", from: 620, cell: (row) => toCell(sayDays(row)) },
  { id: "place", title: "Where", width: "minmax(96px, 0.9fr)", from: 980, cell: (row) => toCell(sayPlace(row)) },
  {
    id: "proposed",
    title: "Proposed by",
    width: "minmax(96px, 0.7fr)",
    from: 740,
    cell: (row) => toCell(row.proposedBy.name),
  },
  {
    id: "decided",
    title: "Decided by",
    width: "minmax(96px, 0.7fr)",
    from: 820,
    cell: (row) => toCell(row.decidedBy?.name ?? (row.state === "proposed" ? "nobody yet" : "nobody")),
  },
];

/** The parameters of the list as the URL has them; the time of the page does not hide a translation. */
function createTranslationsQuery(): Accessor<Partial<TranslationsQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const { site } = scope.query();
    const asked: Partial<TranslationsQuery> = { ...(site && { site }) };
    const states = TRANSLATION_STATES.filter((state) => all(search.state).includes(state));
    const kinds = KINDS.filter((kind) => all(search.kind).includes(kind));
    const text = one(search.q);
    const imports = all(search.importId);
    if (imports.length > 0) asked.importId = imports;
    if (states.length > 0) asked.state = states;
    if (kinds.length > 0) asked.kind = kinds;
    if (text !== undefined) asked.q = text;
    return asked;
  });
}
