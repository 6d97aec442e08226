import type { Checkpoint, Close } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createRead } from "../../data/read.ts";
import { createRights } from "../../data/rights.ts";
import { Button } from "../../parts/button.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import { toDay } from "../reconciliations/period-text.ts";
import { CheckpointDetail } from "./checkpoint-detail.tsx";
import { type CloseActions, createCloseActions } from "./close-actions.ts";

interface CloseDrawerProps {
  close: Close;
  reconciliation: Close["reconciliations"][number];
  closeHref: string;
}

/** The checkpoints of one reconciliation at this cut-off: made, locked, reproduced, and what was known otherwise since. */
export function CloseDrawer(props: CloseDrawerProps): JSX.Element {
  const id = () => props.reconciliation.id;
  const read = createRead("/reconciliations/{id}/checkpoints", () => ({
    path: { id: id() },
    query: { company: props.close.company.id },
  }));
  const shown = createMemo((): Checkpoint[] =>
    read.isSuccess ? read.data.items.filter(({ period }) => period.to === props.close.period.to) : [],
  );
  const { may } = createRights();
  const actions = createCloseActions();
  return (
    <Drawer
      label="Checkpoints"
      title={props.reconciliation.title}
      closeHref={props.closeHref}
      shows={id()}
      actions={<DrawerActions {...props} actions={actions} isAllowed={may("operator", "auditor")} />}
    >
      <Show when={actions.failure()}>
        {(message) => (
          <p class="late" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70]} />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The checkpoints" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && shown().length === 0}>
          <p class="quiet">
            There is no checkpoint of this cut-off yet. One keeps what the period came to, from what had arrived by
            then; locking it fixes the figures, and what comes later becomes an adjustment that names it.
          </p>
        </Match>
        <Match when={read.isSuccess}>
          <For each={shown()}>
            {(checkpoint) => <CheckpointDetail checkpoint={checkpoint} actions={actions} may={may} />}
          </For>
        </Match>
      </Switch>
    </Drawer>
  );
}

function DrawerActions(props: CloseDrawerProps & { actions: CloseActions; isAllowed: boolean }): JSX.Element {
  const hrefOf = (what: string) => {
    const { period, company } = props.close;
    const query = toQuery({ on: toDay(period), company: company.id });
    return `/reconciliations/${encodeURIComponent(props.reconciliation.id)}/${what}${query}`;
  };
  return (
    <>
      <a class="button" href={hrefOf("statement")}>
        Statement
      </a>
      <a class="button" href={hrefOf("suggestions")}>
        Suggestions
      </a>
      <Button
        onClick={() => void props.actions.make(props.reconciliation.id, props.close)}
        disabled={props.actions.isBusy() || !props.close.isOver || !props.isAllowed}
        title={
          props.close.isOver ? "Evaluates the period from its events and keeps the result" : "The period still runs"
        }
      >
        Make a checkpoint
      </Button>
    </>
  );
}
