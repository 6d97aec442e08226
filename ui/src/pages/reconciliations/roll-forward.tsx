import type { Statement } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { formatCount } from "../../format/number.ts";
import { sayMoment } from "./period-text.ts";
import { sayValue } from "./reconciliation-text.ts";
import "../../parts/figure.css";
import "../../parts/plain-table.css";

type Unit = Statement["units"][number];
type Total = Unit["opening"];

interface Line {
  sign: "" | "+" | "±" | "−" | "=";
  name: string;
  note?: string;
  total: Total;
  href?: string;
  kind: "balance" | "flow" | "closing";
}

const ADJUSTMENTS = {
  fx: "Exchange rates",
  reclass: "Reclassified",
  after_lock: "After the lock",
};

/** Opening, what came and went, and closing, as an accountant reads it; each figure opens its rows. */
export function RollForward(props: { statement: Statement; unit: Unit }): JSX.Element {
  const lines = () => listLines(props.statement, props.unit);
  return (
    <div class="scroller">
      <table class="plain-table roll-forward">
        <caption class="sr-only">Roll-forward in {props.unit.unit}</caption>
        <thead>
          <tr>
            <th scope="col">Roll-forward</th>
            <th scope="col" class="number">
              Items
            </th>
            <th scope="col" class="number">
              Value
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={lines()}>
            {(line) => (
              <tr class={line.kind}>
                <th scope="row">
                  <span class="roll-sign" aria-hidden="true">
                    {line.sign}
                  </span>
                  {line.name} <Show when={line.note}>{(note) => <span class="quiet">{note()}</span>}</Show>
                </th>
                <td class="number">
                  <Cell line={line} text={formatCount(line.total.count)} what="items" />
                </td>
                <td class="number">
                  <Cell
                    line={line}
                    text={sayValue(line.total.value, props.unit.unit, props.statement.measure)}
                    what="value"
                  />
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <p class="roll-foot quiet">Opening and flows make the closing, in items and in value. Nothing is left over.</p>
    </div>
  );
}

function Cell(props: { line: Line; text: string; what: string }): JSX.Element {
  const isNothing = () => props.line.total.count === 0 && /^-?0(\.0+)?$/.test(props.line.total.value);
  return (
    <Show
      when={isNothing() ? undefined : props.line.href}
      fallback={<span classList={{ quiet: isNothing() }}>{props.text}</span>}
    >
      {(href) => (
        <a class="figure" href={href()} aria-label={`${props.text} ${props.what}, ${props.line.name}`}>
          {props.text}
        </a>
      )}
    </Show>
  );
}

function listLines(statement: Statement, unit: Unit): Line[] {
  const { from, to, zone } = statement.period;
  const moved = (kind: "new" | "reopened" | "changed" | "cleared") => toPageHref(unit.rows[kind]);
  return [
    {
      sign: "",
      name: "Opening",
      note: sayMoment(from, zone),
      total: unit.opening,
      href: toPageHref(unit.rows.opening),
      kind: "balance",
    },
    { sign: "+", name: "New", total: unit.new, href: moved("new"), kind: "flow" },
    { sign: "+", name: "Reopened", total: unit.reopened, href: moved("reopened"), kind: "flow" },
    { sign: "±", name: "Changed", total: unit.changed, href: moved("changed"), kind: "flow" },
    { sign: "−", name: "Cleared", total: unit.cleared, href: moved("cleared"), kind: "flow" },
    ...listAdjustments(unit),
    {
      sign: "=",
      name: "Closing",
      note: sayMoment(to, zone),
      total: unit.closing,
      href: toPageHref(unit.itemsHref),
      kind: "closing",
    },
  ];
}

function listAdjustments(unit: Unit): Line[] {
  if (unit.adjustments.length === 0)
    return [{ sign: "±", name: "Adjustments", total: { count: 0, value: "0" }, kind: "flow" }];
  return unit.adjustments.map(({ kind, reason, count, value, href }) => ({
    sign: "±",
    name: ADJUSTMENTS[kind],
    note: reason,
    total: { count, value },
    ...(href !== null && { href: toPageHref(href) }),
    kind: "flow",
  }));
}
