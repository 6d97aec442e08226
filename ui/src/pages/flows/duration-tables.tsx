import type { LegDurations } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch, createSignal } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatDuration } from "../../format/duration.ts";
import { formatCount, formatNoun } from "../../format/number.ts";
import { Identifier } from "../../parts/identifier.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { SmallTable, type SmallColumn } from "../../parts/small-table.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import "./duration-tables.css";

type Kind = "supplier" | "site";

const FIRST_SHOWN = 8;

/** How long a leg took with each supplier and at each site, beside how many it is of and how many have not ended. */
export function DurationTables(props: { flow: string; leg: string }): JSX.Element {
  return (
    <div class="duration-tables">
      <DurationTable flow={props.flow} leg={props.leg} by="supplier" />
      <DurationTable flow={props.flow} leg={props.leg} by="site" />
    </div>
  );
}

function DurationTable(props: { flow: string; leg: string; by: Kind }): JSX.Element {
  const scope = useScope();
  const [isWhole, setWhole] = createSignal(false);
  const read = createRead(
    "/flows/{flow}/durations",
    () => ({
      path: { flow: props.flow },
      query: { ...scope.countQuery(), ...scope.asOfQuery(), leg: props.leg, by: props.by },
    }),
    () => ({ isKept: true }),
  );
  const all = () => (read.isSuccess ? read.data.items : []);
  return (
    <Switch fallback={<SkeletonBlock height={220} />}>
      <Match when={read.isLoadingError}>
        <ErrorPanel what={`The time by ${props.by}`} error={read.error} onRetry={() => void read.refetch()} />
      </Match>
      <Match when={read.isSuccess && read.data}>
        {(durations) => (
          <div>
            <SmallTable<LegDurations>
              title={`Time taken by ${props.by}`}
              rows={isWhole() ? all() : all().slice(0, FIRST_SHOWN)}
              columns={[toNameColumn(props.by), ...COLUMNS]}
            />
            <Show when={all().length > FIRST_SHOWN}>
              <button type="button" class="link-button" onClick={() => setWhole(!isWhole())}>
                {isWhole() ? "Fewer" : `All ${formatNoun(all().length, props.by)}`}
              </button>
            </Show>
            <Show when={durations().isTruncated && isWhole()}>
              <span class="quiet flow-foot"> There are more; narrow the sites or the time to see them.</span>
            </Show>
          </div>
        )}
      </Match>
    </Switch>
  );
}

function toNameColumn(by: Kind): SmallColumn<LegDurations> {
  return {
    title: by === "supplier" ? "Supplier" : "Site",
    cell: (row) => (
      <Show
        when={row.of}
        fallback={<span class="quiet">{by === "supplier" ? "No supplier named" : "Group-wide"}</span>}
      >
        {(name) => (by === "supplier" ? <Identifier value={name()} kind="supplier" /> : name())}
      </Show>
    ),
  };
}

const COLUMNS: SmallColumn<LegDurations>[] = [
  { title: "Ended (n)", align: "end", cell: ({ ended }) => formatCount(ended) },
  { title: "Not ended", align: "end", cell: ({ running }) => formatCount(running) },
  { title: "p50", align: "end", cell: ({ p50Ms }) => sayLength(p50Ms) },
  { title: "p90", align: "end", cell: ({ p90Ms }) => sayLength(p90Ms) },
  { title: "p95", align: "end", isWide: true, cell: ({ p95Ms }) => sayLength(p95Ms) },
];

function sayLength(ms: number | null): string {
  return ms === null ? "–" : formatDuration(ms);
}
