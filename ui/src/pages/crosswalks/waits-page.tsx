import { useSearchParams } from "@solidjs/router";
import type { MappingWait, MappingWaitsQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo, createSignal } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createMayAct } from "../../data/may-act.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatNoun, formatCount } from "../../format/number.ts";
import { createKey } from "../../frame/keyboard.tsx";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { ProposeDialog } from "./propose-dialog.tsx";
import { KIND_WORDS, KINDS, toDraft, toWaitKey } from "./translation-text.ts";
import { TranslationStateMark } from "./translation-state.tsx";
import { WaitDrawer } from "./wait-drawer.tsx";
import "./crosswalks.css";

const FILTERS = [{ name: "kind", title: "Kind", choices: KINDS.map((value) => ({ value, title: KIND_WORDS[value] })) }];

/** What waits for a steward: values that crosswalks lack, and the documents that are mapped again once they are known. */
export function WaitsPage(): JSX.Element {
  const scope = useScope();
  const open = createOpenRow();
  const query = createWaitsQuery();
  const mayWrite = createMayAct();
  const [isProposing, setProposing] = createSignal(false);
  const read = createPagedRead(
    () => "/mapping-waits" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const chosen = () => rows().find((row) => toWaitKey(row) === open.key());
  createKey("n", "Propose what the open value is", () => mayWrite() && chosen() !== undefined && setProposing(true));
  return (
    <ListPage
      title="Crosswalks"
      note={<ListNote read={read} text={`${formatNoun(rows().length, "value")} missing`} hasMore={read.hasNextPage} />}
      actions={
        <a class="button" href={scope.linkTo("/crosswalks/translations")}>
          Translations
        </a>
      }
      filters={
        <FilterBar filters={FILTERS} textLabel="Value">
          <ExportMenu href={(format) => `/api/v1/mapping-waits${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={
        <Show when={read.isSuccess && open.key()}>
          {(key) => (
            <WaitDrawer
              wait={chosen()}
              shows={key()}
              mayWrite={mayWrite()}
              closeHref={open.hrefOf(undefined)}
              onPropose={() => setProposing(true)}
            />
          )}
        </Show>
      }
    >
      <PagedList<MappingWait>
        what="What waits"
        read={read}
        emptyTitle={scope.isNarrowed() ? "No value that waits matches." : "No document waits for a crosswalk."}
        emptyText={<EmptyText />}
        label="Values that crosswalks lack"
        rows={rows()}
        columns={COLUMNS}
        keyOf={toWaitKey}
        versionOf={({ documents, proposals }) => `${documents} ${proposals}`}
        nameOf={({ value, interface: name }) => `${value} of ${name}`}
        hrefOf={(row) => open.hrefOf(toWaitKey(row))}
        selectedKey={open.key()}
      />
      <ProposeFor wait={chosen()} isOpen={isProposing()} onClose={() => setProposing(false)} />
    </ListPage>
  );
}

function ProposeFor(props: { wait: MappingWait | undefined; isOpen: boolean; onClose: () => void }): JSX.Element {
  return (
    <Show when={props.wait}>
      {(wait) => (
        <ProposeDialog
          isOpen={props.isOpen}
          draft={toDraft(wait())}
          onClose={props.onClose}
          onMade={() => props.onClose()}
        />
      )}
    </Show>
  );
}

function EmptyText(): JSX.Element {
  return (
    <p>
      A document whose item, supplier, location or unit no crosswalk knows waits here until one person has said what it
      is and another has approved it. Its edge then maps it again.
    </p>
  );
}

const COLUMNS: Column<MappingWait>[] = [
  {
    id: "value",
    title: "Value",
    width: "minmax(120px, 1.2fr)",
    cell: (row) => (
      <span class="crosswalk-cell crosswalk-code" title={row.value}>
        {row.value}
      </span>
    ),
  },
  { id: "crosswalk", title: "Crosswalk", width: "minmax(88px, 0.6fr)", from: 560, cell: (row) => row.crosswalk },
  {
    id: "interface",
    title: "Interface",
    width: "minmax(120px, 1fr)",
    from: 700,
    cell: (row) => (
      <span class="crosswalk-cell" title={row.interface}>
        {row.interface}
      </span>
    ),
  },
  { id: "site", title: "Site", width: "minmax(72px, 0.5fr)", from: 480, cell: (row) => row.site },
  {
    id: "documents",
    title: "Documents",
    width: "92px",
    align: "end",
    cell: (row) => formatCount(row.documents),
  },
  { id: "since", title: "Since", width: "124px", from: 420, cell: (row) => <Time at={row.since} style="minute" /> },
  {
    id: "flows",
    title: "Flows",
    width: "minmax(140px, 1.4fr)",
    from: 900,
    cell: (row) => (
      <span class="crosswalk-cell" title={row.flows.map(({ title }) => title).join(", ")}>
        {row.flows.map(({ title }) => title).join(", ")}
      </span>
    ),
  },
  {
    id: "proposals",
    title: "Proposed",
    width: "104px",
    from: 620,
    cell: (row) => (
      <Show when={row.proposals > 0} fallback={<span class="quiet">nothing</span>}>
        <TranslationStateMark state="proposed" />
      </Show>
    ),
  },
];

/** The parameters of the list as the URL has them; the time of the page does not hide what waits. */
function createWaitsQuery(): Accessor<Partial<MappingWaitsQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const { site, domain } = scope.query();
    const asked: Partial<MappingWaitsQuery> = { ...(site && { site }), ...(domain && { domain }) };
    const kinds = KINDS.filter((kind) => all(search.kind).includes(kind));
    const text = one(search.q);
    if (kinds.length > 0) asked.kind = kinds;
    if (text !== undefined) asked.q = text;
    return asked;
  });
}
