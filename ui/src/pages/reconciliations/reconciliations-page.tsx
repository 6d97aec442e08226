import { useSearchParams } from "@solidjs/router";
import type { ReconciliationItem } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListBody, ListNote } from "../../parts/list-body.tsx";
import { Page } from "../../parts/page.tsx";
import { DriftTrend } from "./drift-trend.tsx";
import { ClassBar, LeastFeedEdge, StateMark } from "./reconciliation-marks.tsx";
import { type Drift, STATES, STATE_FACES, sayLimit, sayUnit, sayValue, stateOf } from "./reconciliation-text.ts";
import "../../parts/figure.css";
import "../../parts/plain-table.css";
import "./reconciliations-page.css";

const FILTERS = [
  { name: "state", title: "State", choices: STATES.map((value) => ({ value, title: STATE_FACES[value].word })) },
];

/** What is held against what, and what is open now: the worst first. */
export function ReconciliationsPage(): JSX.Element {
  const [search] = useSearchParams();
  const scope = useScope();
  const read = createRead("/reconciliations", () => ({ query: scope.asOfQuery() }));
  const items = (): readonly ReconciliationItem[] => (read.isSuccess ? read.data.items : []);
  const shown = createMemo(() => {
    const [states, text] = [all(search.state), (one(search.q) ?? "").toLowerCase()];
    return items()
      .filter((item) => scope.domains().length === 0 || scope.domains().includes(item.domain))
      .filter((item) => `${item.title} ${item.id} ${item.owner} ${item.a} ${item.b}`.toLowerCase().includes(text))
      .map((item) => ({
        item,
        rows: listRows(item).filter(({ state }) => states.length === 0 || states.includes(state)),
      }))
      .filter(({ rows }) => rows.length > 0)
      .toSorted((x, y) => rankOf(x.rows) - rankOf(y.rows));
  });
  return (
    <Page
      title="Reconciliation"
      actions={<a href={scope.linkTo("/close")}>Close room</a>}
      note={<ListNote read={read} text={formatNoun(shown().length, "reconciliation")} hasMore={false} />}
    >
      <div class="reconciliations-filters">
        <FilterBar filters={FILTERS} textLabel="Part of a name or owner">
          <ExportMenu href={(format) => `/api/v1/reconciliations${toQuery({ ...scope.asOfQuery(), format })}`} />
        </FilterBar>
      </div>
      <ListBody
        what="The reconciliations"
        read={read}
        isEmpty={shown().length === 0}
        emptyTitle={items().length === 0 ? "Nothing is reconciled." : "No reconciliation matches."}
        emptyText={<NothingShown hasAny={items().length > 0} />}
      >
        <div class="scroller">
          <DriftTable shown={shown()} />
        </div>
      </ListBody>
    </Page>
  );
}

function NothingShown(props: { hasAny: boolean }): JSX.Element {
  return (
    <Show when={!props.hasAny} fallback={<p>Clear the filters to see all of them.</p>}>
      <p>
        What is held against what is described in <code>config/reconciliations.yaml</code>: two sides of events, the key
        that both have, and how much may be open.
      </p>
    </Show>
  );
}

interface Row {
  drift: Drift | undefined;
  state: (typeof STATES)[number];
}

/** One row for each unit; one without any where nothing is open. */
function listRows(item: ReconciliationItem): Row[] {
  const drifts: (Drift | undefined)[] = item.units.length === 0 ? [undefined] : item.units;
  return drifts.map((drift) => ({ drift, state: stateOf(item, drift) }));
}

function rankOf(rows: readonly Row[]): number {
  return Math.min(...rows.map(({ state }) => STATES.indexOf(state)));
}

function DriftTable(props: { shown: readonly { item: ReconciliationItem; rows: Row[] }[] }): JSX.Element {
  return (
    <table class="plain-table reconciliations" aria-label="Reconciliations, the worst first">
      <thead>
        <tr>
          <th scope="col">Reconciliation</th>
          <th scope="col">State</th>
          <th scope="col">Unit</th>
          <th scope="col" class="number">
            Net
          </th>
          <th scope="col" class="number">
            Gross
          </th>
          <th scope="col" class="number">
            Items
          </th>
          <th scope="col" class="wide-column class-column">
            By class
          </th>
          <th scope="col" class="wide-column trend-column">
            Gross, 90 days
          </th>
          <th scope="col" class="wide-column">
            Complete to
          </th>
          <th scope="col" class="widest-column">
            Owner
          </th>
        </tr>
      </thead>
      <For each={props.shown}>{(group) => <Group item={group.item} rows={group.rows} />}</For>
    </table>
  );
}

function Group(props: { item: ReconciliationItem; rows: readonly Row[] }): JSX.Element {
  const scope = useScope();
  return (
    <tbody>
      <For each={props.rows}>
        {(row, index) => (
          <tr>
            <Show when={index() === 0}>
              <th scope="rowgroup" rowSpan={props.rows.length} class="reconciliation-name">
                <a href={scope.linkTo(toPageHref(props.item.statementHref))}>{props.item.title}</a>
                <span class="quiet">
                  {props.item.a} ↔ {props.item.b}
                </span>
              </th>
            </Show>
            <td>
              <StateMark state={row.state} note={row.drift && sayLimit(row.drift)} />
            </td>
            <Show when={row.drift} fallback={<NothingOpen item={props.item} />}>
              {(drift) => <DriftCells item={props.item} drift={drift()} />}
            </Show>
            <td class="wide-column trend-column">
              <DriftTrend id={props.item.id} unit={row.drift?.unit} measure={props.item.measure} />
            </td>
            <Show when={index() === 0}>
              <td class="wide-column" rowSpan={props.rows.length}>
                <LeastFeedEdge item={props.item} />
              </td>
              <td class="widest-column" rowSpan={props.rows.length}>
                {props.item.owner}
                <span class="quiet"> {toTitle(props.item.domain)}</span>
              </td>
            </Show>
          </tr>
        )}
      </For>
    </tbody>
  );
}

function NothingOpen(props: { item: ReconciliationItem }): JSX.Element {
  return (
    <td colSpan={5} class="quiet">
      {props.item.isKept ? "Nothing is open." : "Nothing was held against anything yet."}
    </td>
  );
}

/** Net, gross and count always stand together: the net hides what offsets each other. */
function DriftCells(props: { item: ReconciliationItem; drift: Drift }): JSX.Element {
  const href = () => toPageHref(props.drift.itemsHref);
  const unit = () => sayUnit(props.drift.unit);
  const say = (value: string) => sayValue(value, props.drift.unit, props.item.measure);
  const isRed = () => stateOf(props.item, props.drift) === "beyond";
  const figure = (value: string, name: string) => (
    <a class="figure" href={href()} aria-label={`${name} ${value} ${unit()}, ${props.item.title}`}>
      {value}
    </a>
  );
  return (
    <>
      <td class="drift-unit">{unit()}</td>
      <td class="number">{figure(say(props.drift.net), "net")}</td>
      <td class="number" classList={{ late: isRed() }}>
        {figure(say(props.drift.gross), "gross")}
      </td>
      <td class="number">{figure(formatCount(props.drift.count), "open items")}</td>
      <td class="wide-column class-column">
        <ClassBar drift={props.drift} />
      </td>
    </>
  );
}
