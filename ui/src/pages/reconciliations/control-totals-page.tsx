import { useSearchParams } from "@solidjs/router";
import type { ControlTotals, ReconciliationItem } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { one, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { Identifier } from "../../parts/identifier.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { CompanyNote } from "./company-note.tsx";
import { createReconciliation } from "./open-items-query.ts";
import { FeedEdges } from "./reconciliation-marks.tsx";
import { sayUnit, sayValue } from "./reconciliation-text.ts";

/** Whole windows are compared from the events: nothing is read again by itself. */
const KEPT_MS = 5 * 60_000;

type Compared = ControlTotals["units"][number];
interface Window {
  from: string;
  to: string;
  company?: string;
}

/** What both sides stated in the time of the page, and the keys by which they differ. */
export function ControlTotalsPage(): JSX.Element {
  const [search] = useSearchParams();
  const scope = useScope();
  const { id, item } = createReconciliation();
  const window = (): Window | undefined => {
    const { from, to = new Date().toISOString().slice(0, 13).concat(":59:59.999Z") } = scope.query();
    const company = one(search.company);
    return from === undefined ? undefined : { from, to, ...(company !== undefined && { company }) };
  };
  return (
    <Page
      title={`Control totals of ${item()?.title ?? id()}`}
      note={<CompanyNote />}
      actions={<a href={scope.linkTo(`/reconciliations/${encodeURIComponent(id())}/statement`)}>Statement</a>}
    >
      <Show
        when={window()}
        fallback={
          <EmptyPanel title="Choose a time of at most 31 days.">
            <p>
              Control totals hold what both sides stated in a window against each other (<kbd>t</kbd>).
            </p>
          </EmptyPanel>
        }
      >
        {(asked) => <Totals id={id()} window={asked()} item={item()} />}
      </Show>
    </Page>
  );
}

function Totals(props: { id: string; window: Window; item: ReconciliationItem | undefined }): JSX.Element {
  const read = createRead(
    "/reconciliations/{id}/control-totals",
    () => ({ path: { id: props.id }, query: props.window }),
    () => ({ staleMs: KEPT_MS, refreshMs: KEPT_MS }),
  );
  return (
    <Switch fallback={<SkeletonBlock height={320} />}>
      <Match when={read.isLoadingError}>
        <ErrorPanel what="The control totals" error={read.error} onRetry={() => void read.refetch()} />
      </Match>
      <Match when={read.isSuccess && read.data.units.length === 0}>
        <EmptyPanel title="Neither side stated anything in this time.">
          <p>Choose another time, or look at the feeds of both sides.</p>
        </EmptyPanel>
      </Match>
      <Match when={read.isSuccess && read.data}>
        {(totals) => (
          <>
            <p class="quiet">
              By the times of the events; what is still on its way differs for that reason alone.{" "}
              <FeedEdges item={totals()} />
            </p>
            <For each={totals().units}>{(unit) => <ComparedUnit {...props} totals={totals()} unit={unit} />}</For>
          </>
        )}
      </Match>
    </Switch>
  );
}

interface ComparedUnitProps {
  id: string;
  window: Window;
  item: ReconciliationItem | undefined;
  totals: ControlTotals;
  unit: Compared;
}

function ComparedUnit(props: ComparedUnitProps): JSX.Element {
  const say = (value: string) => sayValue(value, props.unit.unit, props.item?.measure);
  const rows = () => [
    { title: props.totals.a, total: props.unit.a },
    { title: props.totals.b, total: props.unit.b },
  ];
  return (
    <Section title={sayUnit(props.unit.unit)} note={props.unit.isSame ? "both sides agree" : "both sides differ"}>
      <SmallTable
        label={`Control totals in ${sayUnit(props.unit.unit)}`}
        rows={rows()}
        columns={[
          { title: "Side", cell: (row) => row.title },
          { title: "Keys", align: "end", cell: (row) => formatCount(row.total.keys) },
          { title: "Statements", align: "end", isWide: true, cell: (row) => formatCount(row.total.count) },
          { title: "Sum", align: "end", cell: (row) => say(row.total.sum) },
          { title: "Digest", isWide: true, cell: (row) => <Identifier value={row.total.digest} /> },
        ]}
      />
      <Show when={!props.unit.isSame}>
        <Differences id={props.id} window={props.window} unit={props.unit.unit} totals={props.totals} say={say} />
      </Show>
    </Section>
  );
}

interface DifferencesProps {
  id: string;
  window: Window;
  unit: string;
  totals: ControlTotals;
  say: (value: string) => string;
}

/** The keys that make the difference; each opens its journey. */
function Differences(props: DifferencesProps): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/reconciliations/{id}/control-totals/differences",
    () => ({ path: { id: props.id }, query: { ...props.window, unit: props.unit } }),
    () => ({ staleMs: KEPT_MS, refreshMs: KEPT_MS }),
  );
  const say = (value: string | null) => (value === null ? "not stated" : props.say(value));
  return (
    <Switch fallback={<SkeletonBlock height={120} />}>
      <Match when={read.isLoadingError}>
        <ErrorPanel what="The keys that differ" error={read.error} onRetry={() => void read.refetch()} />
      </Match>
      <Match when={read.isSuccess && read.data}>
        {(found) => (
          <SmallTable
            title={`${formatNoun(found().items.length, "key differs", "keys differ")}${found().isWhole ? "" : ", and more: choose a shorter time"}`}
            rows={found().items}
            columns={[
              {
                title: "Key",
                cell: (row) => (
                  <a class="mono" href={scope.linkTo(toPageHref(row.href))}>
                    {row.key.join(" / ")}
                  </a>
                ),
              },
              { title: props.totals.a, align: "end", cell: (row) => say(row.a) },
              { title: props.totals.b, align: "end", cell: (row) => say(row.b) },
            ]}
          />
        )}
      </Match>
    </Switch>
  );
}
