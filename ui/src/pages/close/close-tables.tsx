import type { Close } from "@throughline/api/contract";
import { type JSX, For, Show } from "solid-js";
import type { OpenRow } from "../../data/open-row.ts";
import { toPageHref } from "../../data/links.ts";
import { useScope } from "../../data/scope.tsx";
import { formatMeasures } from "../../format/measure.ts";
import { formatCount, formatDecimal } from "../../format/number.ts";
import { Section } from "../../parts/section.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { Time } from "../../parts/time.tsx";
import { StateMark } from "../reconciliations/reconciliation-marks.tsx";
import { STATES, sayUnit, stateOf } from "../reconciliations/reconciliation-text.ts";
import "../reconciliations/reconciliation-marks.css";

type Closing = Close["reconciliations"][number];

/** What is to be locked: how it stands, what is open and worth what, whose it is, and who locked it. */
export function ClosingReconciliations(props: { close: Close; open: OpenRow }): JSX.Element {
  return (
    <Section title="Reconciliations" note="net, gross and items at the cut-off; a name opens its checkpoints">
      <SmallTable
        label="Reconciliations of the close"
        rows={props.close.reconciliations}
        columns={[
          { title: "Reconciliation", cell: (row) => <a href={props.open.hrefOf(row.id)}>{row.title}</a> },
          { title: "State", cell: (row) => <StateMark state={worstOf(row)} /> },
          { title: "Open", cell: (row) => <OpenFigures row={row} /> },
          { title: "Worth", align: "end", isWide: true, cell: (row) => formatMeasures(row.worth) },
          {
            title: "Feeds",
            isWide: true,
            cell: (row) => (
              <span class="feed-edge" classList={{ blind: !row.isComplete }}>
                {row.isComplete ? "complete" : "not complete"}
              </span>
            ),
          },
          { title: "Owner", isWide: true, cell: (row) => row.owner },
          { title: "Lock", cell: (row) => <LockNote row={row} /> },
        ]}
      />
    </Section>
  );
}

function worstOf(row: Closing) {
  const states = row.units.length === 0 ? [stateOf(row, undefined)] : row.units.map((unit) => stateOf(row, unit));
  return STATES.find((state) => states.includes(state)) ?? "unknown";
}

function OpenFigures(props: { row: Closing }): JSX.Element {
  return (
    <Show
      when={props.row.units.length > 0}
      fallback={<span class="quiet">{props.row.isKept ? "nothing" : "not known"}</span>}
    >
      <For each={props.row.units}>
        {(unit) => (
          <a class="close-open" href={toPageHref(unit.itemsHref)}>
            {formatDecimal(unit.net)} / {formatDecimal(unit.gross)} {sayUnit(unit.unit)}, {formatCount(unit.count)}{" "}
            items
          </a>
        )}
      </For>
    </Show>
  );
}

function LockNote(props: { row: Closing }): JSX.Element {
  return (
    <Show when={props.row.lock} fallback={<span class="quiet">open</span>}>
      {(lock) => (
        <span title={lock().lockedBy.name}>
          locked <Time at={lock().lockedAt} style="minute" />
        </span>
      )}
    </Show>
  );
}

/** The feeds that the close waits for, those that are not complete first. */
export function ClosingFeeds(props: { close: Close }): JSX.Element {
  const scope = useScope();
  const rows = () => props.close.feeds.toSorted((a, b) => Number(a.isComplete) - Number(b.isComplete));
  const titleOf = (id: string) => props.close.reconciliations.find((one) => one.id === id)?.title ?? id;
  return (
    <Section title="Feeds" note="complete up to the cut-off, or not">
      <SmallTable
        label="Feeds of the close"
        rows={rows()}
        columns={[
          {
            title: "Feed",
            cell: (row) => (
              <a class="mono" href={scope.linkTo(`/coverage?open=${encodeURIComponent(row.source)}`)}>
                {row.source}
              </a>
            ),
          },
          {
            title: "State",
            cell: (row) => (
              <span class="feed-edge" classList={{ blind: !row.isComplete }}>
                {row.isComplete ? "complete" : row.isSilent ? "silent" : "not complete"}
              </span>
            ),
          },
          {
            title: "Complete to",
            cell: (row) => (
              <Show when={row.completeTo} fallback="never heard of">
                {(at) => <Time at={at()} style="minute" />}
              </Show>
            ),
          },
          { title: "Waited for by", isWide: true, cell: (row) => row.reconciliations.map(titleOf).join(", ") },
        ]}
      />
    </Section>
  );
}

/** Whose work the close waits for. */
export function CloseOwners(props: { close: Close }): JSX.Element {
  return (
    <Section title="Owners">
      <SmallTable
        label="Owners of the close"
        rows={props.close.owners}
        columns={[
          { title: "Owner", cell: (row) => row.owner },
          { title: "Reconciliations", align: "end", cell: (row) => formatCount(row.reconciliations) },
          { title: "Locked", align: "end", cell: (row) => formatCount(row.locked) },
          { title: "Open items", align: "end", cell: (row) => formatCount(row.items) },
        ]}
      />
    </Section>
  );
}
