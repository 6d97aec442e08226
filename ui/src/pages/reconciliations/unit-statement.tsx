import type { Statement } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toPageHref } from "../../data/links.ts";
import { formatCount } from "../../format/number.ts";
import { BigFigure } from "../../parts/figure.tsx";
import { Section } from "../../parts/section.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { ClassBar, ClassMark, StateMark } from "./reconciliation-marks.tsx";
import { CAUSE_TITLES, sayAge, sayLimit, sayUnit, sayValue, stateOf } from "./reconciliation-text.ts";
import { RollForward } from "./roll-forward.tsx";
import "./unit-statement.css";

export type Unit = Statement["units"][number];

interface UnitStatementProps {
  statement: Statement;
  unit: Unit;
}

/** What a statement says in one unit or currency. It is never added to another. */
export function UnitStatement(props: UnitStatementProps): JSX.Element {
  const unit = () => props.unit;
  const say = (value: string) => sayValue(value, unit().unit, props.statement.measure);
  const hrefOf = (narrower: object) => toPageHref(`${unit().itemsHref}${toQuery(narrower).replace("?", "&")}`);
  return (
    <Section title={sayUnit(unit().unit)} note={<StateNote statement={props.statement} unit={unit()} />}>
      <div class="statement-figures">
        <BigFigure
          label="Net"
          value={say(unit().net)}
          href={hrefOf({})}
          note={`${props.statement.a} less ${props.statement.b}`}
        />
        <BigFigure
          label="Gross"
          value={say(unit().gross)}
          href={hrefOf({})}
          tone={stateOf(props.statement, unit()) === "beyond" ? "red" : undefined}
          note="all open items, without their signs"
        />
        <BigFigure label="Open items" value={formatCount(unit().count)} href={hrefOf({})} note="at the cut-off" />
      </div>
      <div class="statement-columns">
        <RollForward statement={props.statement} unit={unit()} />
        <Splits unit={unit()} say={say} hrefOf={hrefOf} />
      </div>
    </Section>
  );
}

function StateNote(props: UnitStatementProps): JSX.Element {
  return (
    <>
      <StateMark state={stateOf(props.statement, props.unit)} />
      <Show when={sayLimit(props.unit)}>{(limit) => <span class="late"> {limit()}</span>}</Show>
    </>
  );
}

/** The closing by class, by cause and by age; each line opens its items, and each table adds up to the closing. */
function Splits(props: { unit: Unit; say: (value: string) => string; hrefOf: (query: object) => string }): JSX.Element {
  return (
    <div class="statement-splits">
      <Show when={props.unit.count > 0} fallback={<p class="quiet">Nothing is open at the cut-off.</p>}>
        <ClassBar drift={props.unit} />
        <SplitTable
          title="By class"
          rows={props.unit.byClass.map((total) => ({
            ...total,
            value: props.say(total.value),
            name: <ClassMark of={total.class} />,
            word: total.class,
            href: props.hrefOf({ class: total.class }),
          }))}
        />
        <SplitTable
          title="By cause"
          rows={props.unit.byCause.map((total) => ({
            ...total,
            value: props.say(total.value),
            name: CAUSE_TITLES[total.cause],
            word: CAUSE_TITLES[total.cause],
            href: props.hrefOf({ cause: total.cause }),
          }))}
        />
        <SplitTable
          title="By age"
          rows={props.unit.aging.map((total) => ({
            ...total,
            value: props.say(total.value),
            name: sayAge(total.days),
            word: sayAge(total.days),
            href: props.hrefOf({ days: total.days }),
          }))}
        />
      </Show>
    </div>
  );
}

interface SplitRow {
  name: JSX.Element;
  /** What it is called, for screen readers. */
  word: string;
  href: string;
  count: number;
  value: string;
}

function SplitTable(props: { title: string; rows: readonly SplitRow[] }): JSX.Element {
  const link = (row: SplitRow, text: string, what: string) => (
    <a class="figure" href={row.href} aria-label={`${text} ${what}, ${row.word}`}>
      {text}
    </a>
  );
  return (
    <SmallTable
      label={props.title}
      rows={props.rows}
      columns={[
        { title: props.title, cell: (row) => row.name },
        {
          title: "Items",
          align: "end",
          class: "split-count",
          cell: (row) => link(row, formatCount(row.count), "items"),
        },
        { title: "Value", align: "end", cell: (row) => link(row, row.value, "value") },
      ]}
    />
  );
}
