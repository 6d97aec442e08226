import { useSearchParams } from "@solidjs/router";
import type { SloItem, SlosQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { ComplianceBar } from "../../parts/compliance-bar.tsx";
import { BudgetBar } from "./budget-bar.tsx";
import { SloDrawer } from "./slo-drawer.tsx";
import { SloStateMark } from "./slo-state.tsx";
import { formatBurn, formatLength } from "./slo-text.ts";
import "./slos-page.css";

const STATES = ["page", "ticket", "unknown", "spent", "partial", "few", "within"] as const;
const STATE_TITLES = {
  page: "Page",
  ticket: "Ticket",
  unknown: "Unknown",
  spent: "Spent",
  partial: "Partial",
  few: "Few legs",
  within: "Within",
};
const FILTERS = [
  { name: "state", title: "State", choices: STATES.map((state) => ({ value: state, title: STATE_TITLES[state] })) },
];

const COLUMNS: Column<SloItem>[] = [
  { id: "state", title: "State", width: "96px", cell: (slo) => <SloStateMark state={slo.state} /> },
  {
    id: "objective",
    title: "Objective",
    width: "minmax(150px, 2fr)",
    cell: (slo) => (
      <span class="slo-name" title={`${slo.title}, ${slo.flowTitle}`}>
        {slo.title}
      </span>
    ),
  },
  {
    id: "flow",
    title: "Flow",
    width: "minmax(110px, 1fr)",
    from: 1200,
    cell: (slo) => <span class="slo-name quiet">{slo.flowTitle}</span>,
  },
  { id: "target", title: "At least", width: "72px", align: "end", from: 720, cell: (slo) => `${slo.objective} %` },
  {
    id: "compliance",
    title: "Compliance",
    width: "minmax(176px, 1fr)",
    from: 760,
    cell: (slo) => <ComplianceBar compliance={slo.compliance} of={slo.title} isExact />,
  },
  {
    id: "budget",
    title: "Budget left",
    width: "148px",
    from: 420,
    cell: (slo) => <BudgetBar budget={slo.budget} />,
  },
  burnColumn(0, 840),
  burnColumn(1, 1080),
  burnColumn(2, 1320),
  burnColumn(3, 960),
];

/** Burn over the longer window of a rule beside its shorter one, with how many legs the longer one holds. */
function burnColumn(index: number, from: number): Column<SloItem> {
  return {
    id: `burn-${index}`,
    title: ["1 h / 5 min", "6 h / 30 min", "24 h / 2 h", "3 d / 6 h"][index] ?? "",
    width: "104px",
    align: "end",
    from,
    cell: (slo) => <BurnCell rule={slo.rules[index]} />,
  };
}

function BurnCell(props: { rule: SloItem["rules"][number] | undefined }): JSX.Element {
  return (
    <Show when={props.rule}>
      {(rule) => (
        <span
          class="slo-burn"
          classList={{ quiet: !rule().isEnough, late: rule().isBurning }}
          title={`${rule().severity} above ${rule().times}× in both: ${formatNoun(rule().long.good.value + rule().long.bad.value, "leg")} in ${formatLength(rule().long.lengthMs)}`}
        >
          {formatBurn(rule().long.burn)} / {formatBurn(rule().short.burn)}
        </span>
      )}
    </Show>
  );
}

/** The service level objectives: which are kept, what is left of each budget, and how fast it burns. */
export function SlosPage(): JSX.Element {
  const open = createOpenRow();
  const scope = useScope();
  const query = createSlosQuery();
  const read = createPagedRead(
    () => "/slos" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() =>
    (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []).toSorted(compareWorst),
  );
  return (
    <ListPage
      title="Service levels"
      note={<ListNote read={read} text={formatNoun(rows().length, "objective")} hasMore={read.hasNextPage} />}
      filters={
        <FilterBar filters={FILTERS}>
          <ExportMenu href={(format) => `/api/v1/slos${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={<Show when={open.key()}>{(key) => <SloDrawer id={key()} closeHref={open.hrefOf(undefined)} />}</Show>}
    >
      <PagedList<SloItem>
        what="The objectives"
        read={read}
        emptyTitle={scope.isNarrowed() ? "No objective matches." : "No objective is set."}
        emptyText={
          <p>
            Objectives are described in <code>config/slos.yaml</code>: which share of the legs of a flow has to end in
            time.{scope.isNarrowed() ? " Clear the filters to see all of them." : ""}
          </p>
        }
        label="Service level objectives"
        rows={rows()}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        versionOf={(slo) => `${slo.state} ${slo.compliance.met} ${slo.compliance.n}`}
        nameOf={({ title }) => title}
        hrefOf={({ id }) => open.hrefOf(id)}
        selectedKey={open.key()}
      />
    </ListPage>
  );
}

/** The parameters of the list as the URL has them; the time of the page does not change an objective's window. */
function createSlosQuery(): Accessor<Partial<SlosQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const { site, domain } = scope.query();
    const states = STATES.filter((state) => all(search.state).includes(state));
    const flows = all(search.flow).filter((flow) => flow !== "");
    return {
      ...(site && { site }),
      ...(domain && { domain }),
      ...scope.asOfQuery(),
      ...(states.length > 0 && { state: states }),
      ...(flows.length > 0 && { flow: flows }),
    };
  });
}

/** What burns first, then what has least of its budget left. */
function compareWorst(a: SloItem, b: SloItem): number {
  const left = (slo: SloItem) => slo.budget.left ?? Infinity;
  const byState = STATES.indexOf(a.state) - STATES.indexOf(b.state);
  return byState || (left(a) === left(b) ? 0 : left(a) - left(b));
}
