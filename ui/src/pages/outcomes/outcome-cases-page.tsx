import { useParams, useSearchParams } from "@solidjs/router";
import type { OutcomeCase, OutcomeCasesQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { decodePathPart, toPageHref } from "../../data/links.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, useScope } from "../../data/scope.tsx";
import { formatDuration } from "../../format/duration.ts";
import { formatDecimal, formatNoun } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import "./outcome-cases-page.css";

const PARTS = ["numerator", "counted", "excluded", "open"] as const;
const PART_TITLES = {
  numerator: "In the numerator",
  counted: "Counted",
  excluded: "Left out",
  open: "Not ended",
};
const FILTERS = [
  { name: "part", title: "Part", choices: PARTS.map((value) => ({ value, title: PART_TITLES[value] })) },
];
/** Figures whose values are lengths of time. */
const IN_TIME = /(-hours|-effort|-resolution|-to-order|-to-receipt|-to-lock)$/;

/** The cases that a figure of an outcome is made of, leaves out, or waits for. */
export function OutcomeCasesPage(): JSX.Element {
  const params = useParams();
  const scope = useScope();
  const id = () => decodePathPart(params.id);
  const query = createCasesQuery();
  const read = createPagedRead(
    () => "/outcomes/{id}/cases" as const,
    () => ({ path: { id: id() }, query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const columns = createMemo(() => listColumns(IN_TIME.test(id())));
  return (
    <ListPage
      title={`Cases of ${toTitle(id()).toLowerCase()}`}
      note={<ListNote read={read} text={formatNoun(rows().length, "case")} hasMore={read.hasNextPage} />}
      actions={<a href={scope.linkTo(`/outcomes?open=${encodeURIComponent(id())}`)}>Outcomes</a>}
      filters={
        <FilterBar filters={FILTERS}>
          <ExportMenu
            href={(format) => `/api/v1/outcomes/${encodeURIComponent(id())}/cases${toQuery({ ...query(), format })}`}
          />
        </FilterBar>
      }
    >
      <PagedList<OutcomeCase>
        what="The cases"
        read={read}
        emptyTitle="No case is in this time."
        emptyText={<p>Choose a longer time or clear the filter. What cannot be measured has no cases at all.</p>}
        label="Cases"
        rows={rows()}
        columns={columns()}
        keyOf={(row) => [row.part, row.at, row.object.type, row.object.id, row.note].join(" ")}
        versionOf={(row) => row.value ?? ""}
        nameOf={(row) => `${row.object.id}, ${PART_TITLES[row.part]}`}
        hrefOf={(row) => scope.linkTo(toPageHref(row.href))}
      />
    </ListPage>
  );
}

function listColumns(isTime: boolean): Column<OutcomeCase>[] {
  const say = (value: string | null) =>
    value === null ? "" : isTime ? formatDuration(Number(value)) : formatDecimal(value);
  return [
    { id: "part", title: "Part", width: "128px", from: 480, cell: (row) => PART_TITLES[row.part] },
    {
      id: "object",
      title: "Object",
      width: "minmax(140px, 2fr)",
      cell: (row) => <span class="mono case-text">{row.object.id}</span>,
    },
    { ...toText("type", "Type", (row) => toTitle(row.object.type)), width: "152px", from: 940 },
    { ...toText("note", "Of", (row) => row.reason ?? row.note), width: "minmax(140px, 2fr)", from: 620 },
    { id: "value", title: "Adds", width: "104px", align: "end", cell: (row) => say(row.value) },
    { id: "at", title: "At", width: "120px", cell: (row) => <Time at={row.at} style="minute" /> },
    { ...toText("supplier", "Supplier", (row) => row.supplier), width: "minmax(90px, 1fr)", from: 1080 },
    { ...toText("site", "Site", (row) => row.site), width: "88px", from: 760 },
  ];
}

function toText(
  id: string,
  title: string,
  read: (row: OutcomeCase) => string,
): Pick<Column<OutcomeCase>, "id" | "title" | "cell"> {
  return { id, title, cell: (row) => <span class="case-text">{read(row)}</span> };
}

/** The parameters of the list as the URL has them. */
function createCasesQuery(): Accessor<Partial<OutcomeCasesQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const { from, to } = scope.range().kind === "between" ? scope.query() : {};
    const parts = PARTS.filter((part) => all(search.part).includes(part));
    const sites = scope.sites();
    return {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(sites.length > 0 && { site: sites }),
      ...(parts.length > 0 && { part: parts }),
      ...scope.asOfQuery(),
    };
  });
}
