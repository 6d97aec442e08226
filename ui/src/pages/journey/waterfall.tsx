import type { Span } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import type { OpenRow } from "../../data/open-row.ts";
import { formatSpanDuration } from "../../format/duration.ts";
import { formatNoun } from "../../format/number.ts";
import { Section } from "../../parts/section.tsx";
import { Time } from "../../parts/time.tsx";
import "./waterfall.css";

interface WaterfallsProps {
  spans: readonly Span[];
  isTruncated: boolean;
  open: OpenRow;
  /** The page is about one trace and names it itself. */
  isNamed?: boolean;
}

/** What happened inside of the systems: the spans of each trace, each below the one that called it. */
export function Waterfalls(props: WaterfallsProps): JSX.Element {
  const traces = createMemo(() => [...Map.groupBy(props.spans, ({ traceId }) => traceId).entries()]);
  return (
    <Section
      title="Inside the systems"
      note={
        props.spans.length > 0
          ? `${formatNoun(props.spans.length, "span")} of ${formatNoun(traces().length, "trace")}${props.isTruncated ? ", the first of more" : ""}`
          : ""
      }
    >
      <Show when={traces().length > 0} fallback={<NoSpans />}>
        <For each={traces()}>
          {([traceId, spans]) => (
            <Waterfall traceId={traceId} spans={spans} open={props.open} isNamed={props.isNamed === true} />
          )}
        </For>
      </Show>
    </Section>
  );
}

function NoSpans(): JSX.Element {
  return (
    <p class="waterfall-none">
      No trace is joined to it. Spans stand here when a system sends OpenTelemetry with the same trace context, or with
      the key as <code>throughline.object.&lt;type&gt;</code>.
    </p>
  );
}

interface WaterfallProps {
  traceId: string;
  spans: readonly Span[];
  open: OpenRow;
  isNamed: boolean;
}

function Waterfall(props: WaterfallProps): JSX.Element {
  const endNs = () => Math.max(1, ...props.spans.map(({ offsetNs, durationNs }) => offsetNs + durationNs));
  const services = () => new Set(props.spans.map(({ service }) => service)).size;
  return (
    <div class="waterfall">
      <Show when={!props.isNamed}>
        <div class="waterfall-head">
          <a class="mono" href={`/traces/${props.traceId}`}>
            {props.traceId}
          </a>
          <span class="quiet">
            {formatSpanDuration(endNs())} over {formatNoun(services(), "system")},{" "}
            <Show when={props.spans[0]}>{(first) => <Time at={first().startedAt} style="second" />}</Show>
          </span>
        </div>
      </Show>
      <ol>
        <For each={props.spans}>{(span) => <SpanRow span={span} endNs={endNs()} open={props.open} />}</For>
      </ol>
    </div>
  );
}

function SpanRow(props: { span: Span; endNs: number; open: OpenRow }): JSX.Element {
  const key = () => `span~${props.span.spanId}`;
  const percent = (ns: number): string => `${(ns / props.endNs) * 100}%`;
  return (
    <li>
      <a
        class="span-row"
        href={props.open.hrefOf(key())}
        data-status={props.span.status}
        aria-current={props.open.key() === key() ? "true" : undefined}
        style={{ "--depth": String(Math.min(props.span.depth, 12)) }}
      >
        <span class="span-name" title={`${props.span.name}, ${props.span.service}`}>
          <span class="span-title">{props.span.name}</span>
          <span class="span-service">{props.span.service}</span>
        </span>
        <span class="span-plot">
          <span
            class="span-bar"
            style={{ left: percent(props.span.offsetNs), width: percent(props.span.durationNs) }}
          />
        </span>
        <span class="span-length">
          <Show when={props.span.status === "error"}>failed </Show>
          {formatSpanDuration(props.span.durationNs)}
        </span>
      </a>
    </li>
  );
}
