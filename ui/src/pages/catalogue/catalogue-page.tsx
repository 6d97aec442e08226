import { useSearchParams } from "@solidjs/router";
import type { InterfacesQuery, InterfaceSummary } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { CadenceMark } from "./cadence-mark.tsx";
import { InterfaceDrawer } from "./interface-drawer.tsx";
import { CADENCE_WORDS, FINDING_WORDS, summarizeFindings } from "./interface-text.ts";

const STATES = ["late", "unseen", "kept", "on-demand"] as const;
const FINDINGS = [
  "cadence",
  "version-drift",
  "certificate",
  "authentication",
  "throttled",
  "rate-limit",
  "unversioned",
  "unseen",
] as const;
const CRITICALITIES = ["critical", "high", "standard"] as const;
const WORDS = { critical: "Critical", high: "High", standard: "Standard" };
const FILTERS = [
  {
    name: "finding",
    title: "Finding",
    choices: FINDINGS.map((value) => ({ value, title: FINDING_WORDS[value] })),
  },
  { name: "state", title: "Traffic", choices: STATES.map((value) => ({ value, title: CADENCE_WORDS[value].word })) },
  {
    name: "criticality",
    title: "Criticality",
    choices: CRITICALITIES.map((value) => ({ value, title: WORDS[value] })),
  },
];

const COLUMNS: Column<InterfaceSummary>[] = [
  {
    id: "traffic",
    title: "Traffic",
    width: "104px",
    cell: (row) => <CadenceMark state={row.cadence.state} />,
  },
  {
    id: "interface",
    title: "Interface",
    width: "minmax(150px, 2fr)",
    cell: (row) => <span title={`${row.systems.from} to ${row.systems.to}`}>{row.title}</span>,
  },
  {
    id: "systems",
    title: "From and to",
    width: "minmax(180px, 1.5fr)",
    from: 1080,
    cell: (row) => (
      <span class="quiet">
        {row.systems.from} → {row.systems.to}
      </span>
    ),
  },
  {
    id: "contract",
    title: "Contract",
    width: "minmax(150px, 1.4fr)",
    from: 860,
    cell: (row) => (
      <span>
        {row.contract.name} <span class="quiet mono">{row.contract.version}</span>
      </span>
    ),
  },
  {
    id: "findings",
    title: "Findings",
    width: "minmax(110px, 1fr)",
    from: 460,
    cell: (row) => (
      <span classList={{ quiet: row.findings.length === 0, late: row.findings[0]?.severity === "critical" }}>
        {summarizeFindings(row.findings)}
      </span>
    ),
  },
  {
    id: "criticality",
    title: "Criticality",
    width: "104px",
    from: 1240,
    cell: (row) => <CriticalityTag criticality={row.criticality} />,
  },
  {
    id: "last",
    title: "Last traffic",
    width: "112px",
    align: "end",
    from: 620,
    cell: (row) => (
      <Show when={row.cadence.lastTrafficAt} fallback={<span class="quiet">never</span>}>
        {(at) => <Time at={at()} />}
      </Show>
    ),
  },
  countColumn("events", "Events", { from: 960, valueOf: ({ events }) => events }),
  countColumn("calls", "Calls", { from: 760, valueOf: ({ calls }) => calls }),
  countColumn("failed", "Failed", { from: 1160, valueOf: ({ failed }) => failed }),
];

/** The interface catalogue: what was agreed for each integration point, and whether it is kept. */
export function CataloguePage(): JSX.Element {
  const scope = useScope();
  const open = createOpenRow();
  const query = createInterfacesQuery();
  const read = createPagedRead(
    () => "/interfaces" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  return (
    <ListPage
      title="Catalogue"
      note={<ListNote read={read} text={formatNoun(rows().length, "interface")} hasMore={read.hasNextPage} />}
      filters={
        <FilterBar filters={FILTERS} textLabel="Name, system or contract">
          <ExportMenu href={(format) => `/api/v1/interfaces${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={
        <Show when={open.key()}>{(key) => <InterfaceDrawer id={key()} closeHref={open.hrefOf(undefined)} />}</Show>
      }
    >
      <PagedList<InterfaceSummary>
        what="The catalogue"
        read={read}
        emptyTitle={
          scope.isNarrowed()
            ? "No interface matches."
            : scope.asOf() === undefined
              ? "No interface is declared."
              : "No interface was declared by then."
        }
        emptyText={
          <p>
            Interfaces are declared in <span class="mono">interfaces.yaml</span> of the configuration.
            {scope.isNarrowed() ? " Clear the filters to see all of them." : ""}
          </p>
        }
        label="Interfaces"
        rows={rows()}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        versionOf={(row) => `${row.cadence.state} ${row.findings.length} ${row.events} ${row.calls}`}
        nameOf={({ title }) => title}
        hrefOf={({ id }) => open.hrefOf(id)}
        selectedKey={open.key()}
      />
    </ListPage>
  );
}

/** The parameters of the list as the URL has them. */
function createInterfacesQuery(): Accessor<Partial<InterfacesQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const asked: Partial<InterfacesQuery> = { ...scope.countQuery(), ...scope.asOfQuery() };
    const states = STATES.filter((state) => all(search.state).includes(state));
    const findings = FINDINGS.filter((finding) => all(search.finding).includes(finding));
    const criticalities = CRITICALITIES.filter((value) => all(search.criticality).includes(value));
    const text = one(search.q);
    if (states.length > 0) asked.state = states;
    if (findings.length > 0) asked.finding = findings;
    if (criticalities.length > 0) asked.criticality = criticalities;
    if (text !== undefined) asked.q = text;
    return asked;
  });
}

function countColumn(
  id: string,
  title: string,
  { from, valueOf }: { from: number; valueOf: (row: InterfaceSummary) => number },
): Column<InterfaceSummary> {
  return {
    id,
    title,
    width: "84px",
    align: "end",
    from,
    cell: (row) => <span classList={{ quiet: valueOf(row) === 0 }}>{formatCount(valueOf(row))}</span>,
  };
}
