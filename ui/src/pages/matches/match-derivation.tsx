import type { MatchDerivation, MatchDocument, MatchTest } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { useScope } from "../../data/scope.tsx";
import { formatMeasure } from "../../format/measure.ts";
import { formatDecimal } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { SmallTable } from "../../parts/small-table.tsx";
import { Time } from "../../parts/time.tsx";
import { CODE_FACES, sayDifference, sayLimit, sayTest, sayVerdict } from "./match-text.ts";

type Line = MatchDerivation["lines"][number];

const LEFT_OUT_WORDS: Record<NonNullable<MatchDocument["leftOut"]>, string> = {
  "blocked-stock": "not counted: blocked stock",
  later: "not counted: came later",
  "not-in-books": "not counted: not in the books",
  "unit-unknown": "not counted: unknown unit",
  "other-currency": "another currency",
};
const FACTOR_WORDS = { document: "by the document", order: "by the order", item: "by the item" } as const;

/** How a match came to its result: what was compared, with which documents and factors, and every test. */
export function DerivationView(props: { derivation: MatchDerivation }): JSX.Element {
  const derivation = () => props.derivation;
  return (
    <section class="match-derivation" aria-label="How it came to that">
      <Show when={!derivation().isSame}>
        <p class="note-box" role="note">
          By the rules of now and all that has arrived, it would be judged otherwise than it was. It is judged again
          when something that it depends on arrives.
        </p>
      </Show>
      <For each={derivation().lines}>{(line) => <LineView line={line} isOnly={derivation().lines.length === 1} />}</For>
      <TestTable tests={derivation().tests} title="Tests of the whole" profile={derivation().profile} />
      <SmallTable
        title="What the total is made of"
        rows={derivation().parts}
        columns={[
          { title: "Part", cell: (row) => toTitle(row.part) },
          { title: "Amount", align: "end", cell: (row) => formatMeasure(row.amount) },
        ]}
      />
    </section>
  );
}

function LineView(props: { line: Line; isOnly: boolean }): JSX.Element {
  const scope = useScope();
  return (
    <>
      <Show when={!props.isOnly}>
        <h3>
          <Show when={props.line.href} fallback="Without an order">
            {(href) => <a href={scope.linkTo(toPageHref(href()))}>Order line {props.line.order}</a>}
          </Show>
        </h3>
      </Show>
      <Variables line={props.line} />
      <DocumentTable line={props.line} />
      <TestTable tests={props.line.tests} title="Tests" profile={props.line.profile} />
    </>
  );
}

const VARIABLES = [
  { name: "P", key: "price", meaning: "price of an order unit", isMoney: true },
  { name: "Qo", key: "ordered", meaning: "ordered", isMoney: false },
  { name: "Qd", key: "received", meaning: "received, net of returns", isMoney: false },
  { name: "Qi", key: "invoiced", meaning: "already invoiced", isMoney: false },
  { name: "E", key: "expected", meaning: "what may still be invoiced", isMoney: false },
  { name: "q", key: "quantity", meaning: "billed here", isMoney: false },
  { name: "A", key: "amount", meaning: "billed here, net", isMoney: true },
  { name: "q·P", key: "expectedAmount", meaning: "what that costs by the order", isMoney: true },
] as const;

function Variables(props: { line: Line }): JSX.Element {
  const rows = () => {
    const { figures } = props.line;
    if (figures === null) return [];
    return VARIABLES.flatMap(({ name, key, meaning, isMoney }) => {
      const value = figures[key] ?? "";
      const unit = (isMoney ? figures["currency"] : figures["unit"]) ?? "";
      return value === "" ? [] : [{ name, meaning, value: `${formatDecimal(value)} ${unit}` }];
    });
  };
  return (
    <Show
      when={props.line.figures}
      fallback={
        <p class="quiet">Without an order line, a unit or a currency that is known, nothing can be compared.</p>
      }
    >
      <SmallTable
        title="What is compared"
        rows={rows()}
        columns={[
          { title: "Figure", class: "mono", cell: (row) => row.name },
          { title: "Meaning", cell: (row) => row.meaning },
          { title: "Value", align: "end", cell: (row) => <span class="nowrap">{row.value}</span> },
        ]}
      />
    </Show>
  );
}

function DocumentTable(props: { line: Line }): JSX.Element {
  const rows = () => {
    const { billed, documents } = props.line;
    return [
      ...documents.map((document) => ({ document, isOwn: false })),
      ...(billed ? [{ document: billed, isOwn: true }] : []),
    ];
  };
  return (
    <SmallTable
      title="Documents"
      rows={rows()}
      columns={[
        { title: "Document", cell: (row) => <DocumentName document={row.document} isOwn={row.isOwn} /> },
        {
          title: "Counts as",
          align: "end",
          cell: (row) => <Counted document={row.document} unit={props.line.figures?.["unit"] ?? ""} />,
        },
      ]}
    />
  );
}

function DocumentName(props: { document: MatchDocument; isOwn: boolean }): JSX.Element {
  const scope = useScope();
  const href = () => {
    const { href: path, event } = props.document;
    if (path === null) return undefined;
    const page = toPageHref(path);
    return scope.linkTo(event === null ? page : `${page}?open=event~${encodeURIComponent(event)}`);
  };
  const name = () => props.document.id ?? "of another site";
  return (
    <>
      {props.isOwn ? "This " : ""}
      {toTitle(props.document.kind)[props.isOwn ? "toLowerCase" : "toString"]()}{" "}
      <Show when={href()} fallback={<span class="quiet">{name()}</span>}>
        {(path) => <a href={path()}>{name()}</a>}
      </Show>
      <div class="quiet">
        <Time at={props.document.at} style="minute" />
      </div>
      <Show when={props.document.leftOut}>{(why) => <div class="quiet">{LEFT_OUT_WORDS[why()]}</div>}</Show>
    </>
  );
}

function Counted(props: { document: MatchDocument; unit: string }): JSX.Element {
  const stated = () => props.document.stated.map(formatMeasure).join(" = ");
  return (
    <div class="match-counted">
      <span class="nowrap">
        {props.document.quantity === null ? stated() : `${formatDecimal(props.document.quantity)} ${props.unit}`}
      </span>
      <Show when={props.document.amount}>{(amount) => <span class="nowrap">{formatMeasure(amount())}</span>}</Show>
      <Show when={props.document.factor}>
        {(factor) => (
          <span class="quiet">
            from {stated()}: {formatMeasure(factor().left)} = {formatMeasure(factor().right)},{" "}
            {FACTOR_WORDS[factor().by]}
          </span>
        )}
      </Show>
    </div>
  );
}

function TestTable(props: { tests: readonly MatchTest[]; title: string; profile: string }): JSX.Element {
  return (
    <SmallTable
      title={props.title}
      actions={<span class="match-profile">profile {props.profile}</span>}
      rows={props.tests}
      columns={[
        {
          title: "Test",
          cell: (test) => <span title={CODE_FACES[test.code].meaning}>{sayTest(test)}</span>,
        },
        { title: "Differs by", cell: (test) => sayDifference(test) },
        { title: "May differ by", isWide: true, cell: (test) => sayLimit(test.limit) },
        {
          title: "Result",
          cell: (test) => (
            <span classList={{ "match-late": test.isBroken, quiet: !test.isBroken }}>{sayVerdict(test)}</span>
          ),
        },
      ]}
    />
  );
}
