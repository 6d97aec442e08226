import type { OutcomeItem } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { ChartCursorProvider } from "../../charts/chart-cursor.tsx";
import type { ChartData } from "../../charts/chart-data.ts";
import { Chart } from "../../charts/chart.tsx";
import { toPageHref } from "../../data/links.ts";
import { formatDuration } from "../../format/duration.ts";
import { formatCount, formatDecimal, formatNoun } from "../../format/number.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { NoteBox } from "../../parts/note-box.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { findChange, sayOutcome } from "./outcome-text.ts";

const HEIGHT = 140;
const VALUE_NAMES = { share: "Share", ms: "Median", working_days: "Median", total_ms: "Sum" };
type Measure = NonNullable<OutcomeItem["measure"]>;

/** One figure with all that it is made of: formula, fraction, n, baseline, what is left out, and its cases. */
export function OutcomeDrawer(props: { figure: OutcomeItem; closeHref: string }): JSX.Element {
  const casesHref = (part?: string) => {
    const href = toPageHref(props.figure.rowsHref);
    return part === undefined ? href : `${href}&part=${part}`;
  };
  return (
    <Drawer
      label="Figure"
      title={props.figure.title}
      closeHref={props.closeHref}
      shows={props.figure.id}
      actions={
        <Show when={props.figure.measure}>
          <a class="button" href={casesHref()}>
            Open its cases
          </a>
        </Show>
      }
    >
      <p>{props.figure.formula}.</p>
      <Show
        when={props.figure.measure}
        fallback={
          <NoteBox title="Not measurable yet">
            <p>Because {props.figure.because}. It has no value, which is not the same as zero.</p>
          </NoteBox>
        }
      >
        {(measure) => (
          <>
            <MeasureFacts figure={props.figure} measure={measure()} hrefOf={casesHref} />
            <ChartCursorProvider>
              <Chart title="Over the period" data={toData(props.figure)} height={HEIGHT} />
            </ChartCursorProvider>
            <SmallTable
              title="Left out"
              rows={props.figure.exclusions}
              columns={[
                { title: "Reason", cell: (row) => row.reason },
                {
                  title: "Cases",
                  align: "end",
                  cell: (row) => <a href={casesHref("excluded")}>{formatCount(row.count)}</a>,
                },
              ]}
            />
          </>
        )}
      </Show>
    </Drawer>
  );
}

function MeasureFacts(props: {
  figure: OutcomeItem;
  measure: Measure;
  hrefOf: (part?: string) => string;
}): JSX.Element {
  const say = (value: string | null | undefined) => sayOutcome(value ?? null, props.figure.unit);
  const isShare = () => props.figure.unit === "share";
  const part = (value: string | null) => sayPart(value ?? "0", props.figure);
  const change = () => findChange(props.figure);
  return (
    <Facts
      facts={[
        { name: VALUE_NAMES[props.figure.unit], value: <b>{say(props.measure.value)}</b> },
        props.measure.p90 === null ? undefined : { name: "90 % took up to", value: say(props.measure.p90) },
        isShare() ? { name: "Numerator", value: part(props.measure.numerator) } : undefined,
        isShare() ? { name: "Denominator", value: part(props.measure.denominator) } : undefined,
        {
          name: "n",
          value: <a href={`${props.hrefOf("numerator")}&part=counted`}>{formatNoun(props.measure.n, "case")}</a>,
        },
        props.figure.open === null
          ? undefined
          : {
              name: "Not ended yet",
              value: <a href={props.hrefOf("open")}>{formatNoun(props.figure.open, "case")}</a>,
            },
        {
          name: "Baseline",
          value: `${say(props.figure.baseline?.value)} of ${formatNoun(props.figure.baseline?.n ?? 0, "case")}`,
        },
        {
          name: "Change",
          value: change() === undefined ? "nothing to compare" : `${change()?.text}, ${change()?.word}`,
        },
        { name: "Read from", value: props.figure.basis },
        props.figure.isEstimated ? { name: "Estimated", value: sayEstimate(props.measure) } : undefined,
      ]}
    />
  );
}

/** How much of a figure was logged, and in how much a declared standard stands in. */
function sayEstimate({ n, declared }: Measure): string {
  const standing = declared ?? 0;
  return `${formatNoun(n - standing, "case")} logged, ${formatNoun(standing, "case")} by the declared standard`;
}

/** A numerator or denominator: hours where the figure is one of time. */
function sayPart(value: string, { id }: OutcomeItem): string {
  return id.endsWith("-hours") ? formatDuration(Number(value)) : formatDecimal(value);
}

function toData({ trend, unit, title }: OutcomeItem): ChartData {
  const [first, last] = [trend[0], trend.at(-1)];
  const from = Date.parse(first?.from ?? "");
  const to = Date.parse(last?.to ?? "");
  const stepMs = last === undefined ? 1 : to - Date.parse(last.from);
  return {
    fromMs: from,
    toMs: to,
    stepMs,
    series: [
      {
        name: title,
        colour: "series-1",
        kind: "bar",
        points: trend.flatMap(({ from: at, value }) =>
          value === null ? [] : [{ atMs: Date.parse(at), value: Number(value) }],
        ),
      },
    ],
    rate: (value) => sayOutcome(String(value), unit),
  };
}
