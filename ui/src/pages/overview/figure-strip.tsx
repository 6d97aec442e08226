import type { Overview } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { useScope } from "../../data/scope.tsx";
import { formatDuration } from "../../format/duration.ts";
import { formatCount, formatPercent } from "../../format/number.ts";
import { BigFigure } from "../../parts/figure.tsx";
import { Time } from "../../parts/time.tsx";
import { isBehind, sayReconciler } from "./overview-text.ts";

/** The figures that the overview begins with. */
export function FigureStrip(props: { overview: Overview }): JSX.Element {
  const scope = useScope();
  const { linkToRows } = scope;
  const overview = () => props.overview;
  const compliance = () => {
    const { counts } = overview();
    const n = counts.met.value + counts.breached.value + counts.overdue.value;
    return { share: formatPercent(counts.met.value, n), n };
  };
  const toneOf = (value: number, tone: "red" | "amber") => (value > 0 ? tone : undefined);
  return (
    <div class="figure-strip">
      <BigFigure
        label="Breached"
        value={formatCount(overview().counts.breached.value)}
        href={linkToRows(overview().counts.breached.href)}
        tone={toneOf(overview().counts.breached.value, "red")}
        note="missed in this time"
      />
      <BigFigure
        label="Overdue"
        value={formatCount(overview().standing.overdue.value)}
        href={linkToRows(overview().standing.overdue.href)}
        tone={toneOf(overview().standing.overdue.value, "red")}
        note="due, feed not complete"
      />
      <BigFigure
        label="At risk"
        value={formatCount(overview().standing.atRisk.value)}
        href={linkToRows(overview().standing.atRisk.href)}
        tone={toneOf(overview().standing.atRisk.value, "amber")}
        note="most of their time used"
      />
      <BigFigure
        label="Open"
        value={formatCount(overview().standing.open.value)}
        href={linkToRows(overview().standing.open.href)}
        note="inside their time"
      />
      <BigFigure
        label="Compliance"
        value={compliance().share ?? "none yet"}
        note={`of ${formatCount(compliance().n)} judged`}
      />
      <EvaluatedFigure projection={overview().projection} reconciler={overview().reconciler} />
    </div>
  );
}

/** How far verdicts are behind what has arrived, and matches and reconciliations where they are kept. */
function EvaluatedFigure(props: {
  projection: Overview["projection"];
  reconciler: Overview["reconciler"];
}): JSX.Element {
  return (
    <BigFigure
      label="Evaluated"
      value={props.projection.lagMs === 0 ? "up to date" : formatDuration(props.projection.lagMs)}
      tone={isBehind(props.projection) || isBehind(props.reconciler) ? "amber" : undefined}
      note={
        <>
          <Show when={props.projection.evaluatedAt} fallback="nothing yet">
            {(at) => (
              <>
                {props.projection.lagMs === 0 ? "" : "behind, last "}
                <Time at={at()} />
              </>
            )}
          </Show>
          {sayReconciler(props.reconciler)}
        </>
      }
    />
  );
}
