import type { Checkpoint, Reproduction } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch, createSignal } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount, formatDecimal, formatNoun, formatPercent } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { Time } from "../../parts/time.tsx";
import type { CloseActions } from "./close-actions.ts";
import { LockDialog } from "./lock-dialog.tsx";

const MOST_ADJUSTMENTS = 50;

interface CheckpointDetailProps {
  checkpoint: Checkpoint;
  actions: CloseActions;
  may: (...roles: ("operator" | "auditor")[]) => boolean;
}

/** One checkpoint: who made it from what, its lock, whether it can be made again, and what was known otherwise since. */
export function CheckpointDetail(props: CheckpointDetailProps): JSX.Element {
  const [verb, setVerb] = createSignal<"lock" | "unlock">();
  const checkpoint = () => props.checkpoint;
  const path = () => ({ id: checkpoint().reconciliation, checkpoint: checkpoint().id });
  const isLocked = () => checkpoint().lock?.state === "locked";
  return (
    <section class="checkpoint" aria-label={`Checkpoint ${checkpoint().id}`}>
      <CheckpointFacts checkpoint={checkpoint()} />
      <div class="close-buttons">
        <Show
          when={isLocked()}
          fallback={
            <Button
              look="solid"
              disabled={props.actions.isBusy() || !props.may("operator", "auditor")}
              onClick={() => setVerb("lock")}
            >
              Lock the period
            </Button>
          }
        >
          <Button disabled={props.actions.isBusy() || !props.may("auditor")} onClick={() => setVerb("unlock")}>
            Unlock
          </Button>
        </Show>
        <Button
          disabled={props.actions.isBusy() || !props.may("operator", "auditor")}
          onClick={() => void props.actions.reproduce(path())}
        >
          Reproduce
        </Button>
      </div>
      <Show when={props.actions.reproductionOf(checkpoint().id)}>
        {(result) => <ReproductionNote result={result()} />}
      </Show>
      <Show when={isLocked()}>
        <Accuracy path={path()} />
        <Adjustments path={path()} />
      </Show>
      <LockDialog verb={verb()} path={path()} actions={props.actions} onClose={() => setVerb(undefined)} />
    </section>
  );
}

function CheckpointFacts(props: { checkpoint: Checkpoint }): JSX.Element {
  const checkpoint = () => props.checkpoint;
  return (
    <Facts
      facts={[
        { name: "Checkpoint", value: <Identifier value={checkpoint().id} /> },
        {
          name: "Made",
          value: (
            <>
              <Time at={checkpoint().madeAt} style="minute" /> by {checkpoint().madeBy.name}
            </>
          ),
        },
        { name: "From", value: `${formatNoun(checkpoint().facts, "event")}, ${formatNoun(checkpoint().rows, "row")}` },
        {
          name: "Arrived until",
          value: (
            <Show when={checkpoint().watermark.arrivedUntil} fallback="nothing had arrived">
              {(at) => <Time at={at()} style="minute" />}
            </Show>
          ),
        },
        { name: "Digest of the result", value: <Identifier value={checkpoint().resultDigest} /> },
        {
          name: "Lock",
          value: (
            <Show when={checkpoint().lock} fallback="not locked">
              {(lock) => (
                <>
                  {lock().state} <Time at={lock().at} style="minute" /> by {lock().by.name}: {lock().reason}
                </>
              )}
            </Show>
          ),
        },
      ]}
    />
  );
}

/** Whether the events give the same again, byte for byte, and the first rows that are not the same. */
function ReproductionNote(props: { result: Reproduction }): JSX.Element {
  return (
    <div role="status">
      <Show
        when={props.result.isSame}
        fallback={
          <p class="late">
            Not the same: {formatNoun(props.result.differences.length, "row differs", "rows differ")}. Somebody has to
            look before this period is relied on.
          </p>
        }
      >
        <p>
          Reproduced from the events: the same, byte for byte, in {formatNoun(props.result.rows.reproduced, "row")}.
        </p>
      </Show>
      <SmallTable
        label="Rows that differ"
        rows={props.result.differences}
        columns={[
          { title: "Row", align: "end", cell: (row) => formatCount(row.ordinal) },
          { title: "Stored", cell: (row) => <code>{row.stored ?? "none"}</code> },
          { title: "Reproduced", cell: (row) => <code>{row.reproduced ?? "none"}</code> },
        ]}
      />
    </div>
  );
}

interface PathProps {
  path: { id: string; checkpoint: string };
}

/** How much of the locked period had to be put right, by unit. */
function Accuracy(props: PathProps): JSX.Element {
  const read = createRead("/reconciliations/{id}/checkpoints/{checkpoint}/accuracy", () => ({ path: props.path }));
  return (
    <Switch>
      <Match when={read.isLoadingError}>
        <p class="quiet">The accuracy could not be told: {read.error?.message}</p>
      </Match>
      <Match when={read.isSuccess && read.data}>
        {(accuracy) => (
          <SmallTable
            title={`Close accuracy, ${formatNoun(accuracy().daysToLock, "day")} to lock`}
            rows={accuracy().units}
            columns={[
              { title: "Unit", cell: (row) => row.unit },
              { title: "Posted", align: "end", cell: (row) => formatDecimal(row.postings) },
              { title: "Adjusted", align: "end", cell: (row) => formatDecimal(row.adjustments) },
              {
                title: "Accuracy",
                align: "end",
                cell: (row) => (row.accuracy === null ? "nothing posted" : formatPercent(Number(row.accuracy), 1)),
              },
            ]}
          />
        )}
      </Match>
    </Switch>
  );
}

/** The adjustments that name the lock: items that later facts changed. */
function Adjustments(props: PathProps): JSX.Element {
  const scope = useScope();
  const read = createRead("/reconciliations/{id}/checkpoints/{checkpoint}/adjustments", () => ({
    path: props.path,
    query: { limit: MOST_ADJUSTMENTS },
  }));
  return (
    <Switch>
      <Match when={read.isLoadingError}>
        <p class="late">The adjustments could not be read: {read.error?.message}</p>
      </Match>
      <Match when={read.isSuccess && read.data.items.length === 0}>
        <p class="quiet">Nothing was known otherwise since the lock.</p>
      </Match>
      <Match when={read.isSuccess && read.data}>
        {(page) => (
          <>
            <SmallTable
              title="Known otherwise since the lock"
              rows={page().items}
              columns={[
                {
                  title: "Item",
                  cell: (row) => <a href={scope.linkTo(toPageHref(row.href))}>{row.key.join(" / ")}</a>,
                },
                { title: "Locked", align: "end", cell: (row) => formatDecimal(row.locked ?? "–") },
                { title: "Known", align: "end", cell: (row) => formatDecimal(row.known ?? "–") },
                { title: "Unit", cell: (row) => row.unit },
              ]}
            />
            <Show when={page().nextCursor !== null}>
              <p class="quiet">There are more; the API's list of adjustments has all of them.</p>
            </Show>
          </>
        )}
      </Match>
    </Switch>
  );
}
