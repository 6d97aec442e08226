import type { Figure as FigureOf } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { toPageHref } from "../data/links.ts";
import { useScope } from "../data/scope.tsx";
import { formatCount } from "../format/number.ts";
import "./figure.css";

interface FigureProps {
  figure: FigureOf;
  /** What is counted, for screen readers and the tooltip: `breached legs of Procure to pay`. */
  of: string;
  tone?: "red" | "amber" | "quiet";
  /** It is of a time of its own, whatever the time of the page is. */
  isExact?: boolean;
}

/** A count that opens the rows it is made of. Zero is quiet, whatever its tone. */
export function Figure(props: FigureProps): JSX.Element {
  const scope = useScope();
  const tone = () => (props.figure.value === 0 ? "zero" : (props.tone ?? "plain"));
  return (
    <a
      class="figure"
      data-tone={tone()}
      href={props.isExact === true ? toPageHref(props.figure.href) : scope.linkToRows(props.figure.href)}
      title={`Show ${props.of}`}
      aria-label={`${formatCount(props.figure.value)} ${props.of}`}
    >
      {formatCount(props.figure.value)}
    </a>
  );
}

interface BigFigureProps {
  value: string;
  label: string;
  href?: string | undefined;
  tone?: "red" | "amber" | undefined;
  note?: JSX.Element;
}

/** A figure that a page begins with: its name above, the number large, a note beneath. */
export function BigFigure(props: BigFigureProps): JSX.Element {
  return (
    <div class="big-figure" data-tone={props.tone}>
      <span class="big-figure-label">{props.label}</span>
      <Show when={props.href} fallback={<span class="big-figure-value">{props.value}</span>}>
        {(href) => (
          <a class="big-figure-value" href={href()} aria-label={`${props.value} ${props.label}`}>
            {props.value}
          </a>
        )}
      </Show>
      <span class="big-figure-note">{props.note}</span>
    </div>
  );
}
