import { useNavigate, useSearchParams } from "@solidjs/router";
import type { ImportPreview } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { createOpenRow } from "../../data/open-row.ts";
import { createMayAct } from "../../data/may-act.ts";
import { all, useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListPage } from "../../parts/page.tsx";
import { EmptyPanel } from "../../parts/state-panel.tsx";
import type { Column } from "../../parts/table-types.ts";
import { createImport } from "./create-import.ts";
import { ImportForm } from "./import-form.tsx";
import {
  IMPORT_COLUMNS,
  type ImportRow,
  ROW_FACES,
  ROW_STATES,
  sayIssues,
  sayPreview,
  sayRowDays,
  stateOfRow,
} from "./import-text.ts";
import "./crosswalks.css";

const FILTERS = [
  { name: "row", title: "Rows", choices: ROW_STATES.map((value) => ({ value, title: ROW_FACES[value].word })) },
];

/** A file of translations: what it would propose, which rows are refused and why, and the way to propose it. */
export function ImportPage(): JSX.Element {
  const scope = useScope();
  const navigate = useNavigate();
  const mayWrite = createMayAct();
  const load = createImport({
    onProposed: (id) => navigate(scope.linkTo(`/crosswalks/translations?importId=${encodeURIComponent(id)}`)),
  });
  const [search] = useSearchParams();
  const open = createOpenRow();
  const rows = () => {
    const chosen = all(search.row);
    const items = load.preview()?.items ?? [];
    return items.filter((row) => chosen.length === 0 || chosen.includes(stateOfRow(row)));
  };
  const opened = () => load.preview()?.items.find(({ line }) => String(line) === open.key());
  return (
    <ListPage
      title="Import translations"
      note={<Show when={load.preview()}>{(preview) => <PreviewNote preview={preview()} />}</Show>}
      actions={<Back />}
      filters={
        <>
          <ImportForm load={load} mayWrite={mayWrite()} />
          <Show when={load.preview()}>
            <FilterBar filters={FILTERS} />
          </Show>
        </>
      }
      drawer={<Show when={opened()}>{(row) => <RowDrawer row={row()} closeHref={open.hrefOf(undefined)} />}</Show>}
    >
      <Show when={load.preview()} fallback={<Nothing load={load} />}>
        <Show when={rows().length > 0} fallback={<EmptyPanel title="No row matches.">Clear the filter.</EmptyPanel>}>
          <DataTable<ImportRow>
            label="Rows of the file"
            rows={rows()}
            columns={COLUMNS}
            keyOf={({ line }) => String(line)}
            versionOf={sayIssues}
            nameOf={({ line }) => `Line ${line}`}
            hrefOf={({ line }) => open.hrefOf(String(line))}
            selectedKey={open.key()}
          />
        </Show>
      </Show>
    </ListPage>
  );
}

/** What stands where rows will be: what a file needs, or what is wrong with it as a whole. */
function Nothing(props: { load: ReturnType<typeof createImport> }): JSX.Element {
  return (
    <Show
      when={props.load.issues().length > 0}
      fallback={
        <EmptyPanel title="Choose a CSV file to see what it would propose.">
          <p>Its first line names the columns: {IMPORT_COLUMNS}. Nothing is changed before you propose it.</p>
        </EmptyPanel>
      }
    >
      <EmptyPanel title="The file cannot be read as translations.">
        <ul class="import-issues">
          <For each={props.load.issues()}>
            {({ path, message }) => (
              <li>
                {sayLine(path)} {message}
              </li>
            )}
          </For>
        </ul>
      </EmptyPanel>
    </Show>
  );
}

function PreviewNote(props: { preview: ImportPreview }): JSX.Element {
  const shown = () => {
    const { rows: count, items } = props.preview;
    return items.length < count ? `; the first ${formatCount(items.length)} are shown, refused ones before others` : "";
  };
  return (
    <>
      {sayPreview(props.preview)}
      {shown()}
    </>
  );
}

function Back(): JSX.Element {
  const scope = useScope();
  return (
    <a class="button" href={scope.linkTo("/crosswalks/translations")}>
      Translations
    </a>
  );
}

function RowDrawer(props: { row: ImportRow; closeHref: string }): JSX.Element {
  return (
    <Drawer
      label="Row of the file"
      title={`Line ${props.row.line}`}
      closeHref={props.closeHref}
      shows={String(props.row.line)}
    >
      <div class="leg-state">
        <RowMark row={props.row} />
        <p>{ROW_FACES[stateOfRow(props.row)].meaning}</p>
      </div>
      <Show when={props.row.issues.length > 0}>
        <ul class="import-issues">
          <For each={props.row.issues}>
            {({ column, message }) => (
              <li>
                <Show when={column}>{(name) => <span class="crosswalk-code">{name()} </span>}</Show>
                {message}
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Facts
        facts={Object.entries(props.row.cells).map(([name, value]) => ({
          name,
          value: <span class="crosswalk-code crosswalk-text">{value}</span>,
        }))}
      />
    </Drawer>
  );
}

function RowMark(props: { row: ImportRow }): JSX.Element {
  const state = () => stateOfRow(props.row);
  return (
    <span class="import-state" data-state={state()}>
      <span class="import-shape" aria-hidden="true" />
      {ROW_FACES[state()].word}
    </span>
  );
}

function sayLine(path: string): string {
  const line = path.split("/")[2];
  return line === undefined ? "The file" : `Line ${line}`;
}

const toCode = (text: string | undefined): JSX.Element => (
  <span class="crosswalk-code crosswalk-cell" title={text ?? ""}>
    {text ?? ""}
  </span>
);

const COLUMNS: Column<ImportRow>[] = [
  { id: "state", title: "State", width: "96px", cell: (row) => <RowMark row={row} /> },
  { id: "line", title: "Line", width: "64px", align: "end", cell: (row) => formatCount(row.line) },
  {
    id: "crosswalk",
    title: "Crosswalk",
    width: "minmax(84px, 0.6fr)",
    from: 760,
    cell: (row) => row.cells["crosswalk"] ?? "",
  },
  { id: "from", title: "Others write", width: "minmax(96px, 1fr)", cell: (row) => toCode(row.cells["from"]) },
  { id: "to", title: "Here it is", width: "minmax(96px, 1fr)", from: 480, cell: (row) => toCode(row.cells["to"]) },
  { id: "days", title: "Days", width: "minmax(124px, 0.8fr)", from: 900, cell: (row) => sayRowDays(row) },
  {
    id: "why",
    title: "Why it is refused",
    width: "minmax(160px, 2fr)",
    from: 620,
    cell: (row) => (
      <span class="crosswalk-cell" title={sayIssues(row)}>
        {sayIssues(row)}
      </span>
    ),
  },
];
