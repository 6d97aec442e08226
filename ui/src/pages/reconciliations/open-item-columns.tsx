import type { OpenItem, ReconciliationItem } from "@throughline/api/contract";
import { formatMeasure } from "../../format/measure.ts";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { ClassMark } from "./reconciliation-marks.tsx";
import { CAUSE_TITLES, sayAge, sayUnit, sayValue } from "./reconciliation-text.ts";
import "./open-items-page.css";

/** The columns of open items; `item` says what the sides are called and what is measured, once it is read. */
export function listItemColumns(item: ReconciliationItem | undefined): Column<OpenItem>[] {
  const titleOf = (side: OpenItem["side"]) => item?.[side] ?? `Side ${side}`;
  return [
    { id: "class", title: "Class", width: "104px", cell: (row) => <ClassMark of={row.class} /> },
    {
      id: "key",
      title: "Key",
      width: "minmax(150px, 2fr)",
      cell: (row) => <span class="mono item-key">{row.key.join(" / ")}</span>,
    },
    {
      ...toText("side", "Stated by", (row) => (row.isMatched ? "both, differs" : titleOf(row.side))),
      width: "minmax(110px, 1fr)",
      from: 930,
    },
    {
      id: "value",
      title: "Value",
      width: "112px",
      align: "end",
      cell: (row) => sayValue(row.value, row.unit, item?.measure),
    },
    { ...toText("unit", "Unit", (row) => sayUnit(row.unit)), width: "72px", from: 560 },
    {
      ...toText("worth", "Worth", (row) => (row.worth === null ? "" : formatMeasure(row.worth))),
      width: "132px",
      align: "end",
      from: 1220,
    },
    { ...toText("cause", "Cause", (row) => CAUSE_TITLES[row.cause]), width: "128px", from: 800 },
    { id: "age", title: "Age", width: "96px", from: 660, cell: (row) => sayAge(row.days) },
    { id: "since", title: "Since", width: "116px", from: 1070, cell: (row) => <Time at={row.since} style="minute" /> },
    { ...toText("supplier", "Supplier", (row) => row.supplier), width: "minmax(90px, 0.8fr)", from: 1440 },
    { ...toText("site", "Site", (row) => row.site), width: "88px", from: 1330 },
  ];
}

function toText(
  id: string,
  title: string,
  read: (row: OpenItem) => string,
): Pick<Column<OpenItem>, "id" | "title" | "cell"> {
  return { id, title, cell: (row) => <span class="item-key">{read(row)}</span> };
}
