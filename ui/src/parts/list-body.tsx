import { type JSX, Match, Show, Switch } from "solid-js";
import { SkeletonRows } from "./skeleton.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "./state-panel.tsx";

/** What a list needs to know of what it was read from. */
export interface ListRead {
  isSuccess: boolean;
  isLoadingError: boolean;
  isRefetchError: boolean;
  error: Error | null;
  dataUpdatedAt: number;
  refetch: () => Promise<unknown>;
}

interface ListBodyProps {
  /** What the list is of, such as `The breaches`. */
  what: string;
  read: ListRead;
  isEmpty: boolean;
  emptyTitle: string;
  emptyText: JSX.Element;
  children: JSX.Element;
}

const SKELETON_ROWS = 16;

/** A list in each of its states: loading, failed, empty, old, or there. */
export function ListBody(props: ListBodyProps): JSX.Element {
  const retry = (): void => void props.read.refetch();
  return (
    <>
      <Show when={props.read.isRefetchError}>
        <StaleNote readAtMs={props.read.dataUpdatedAt} error={props.read.error} onRetry={retry} />
      </Show>
      <Switch fallback={<SkeletonRows count={SKELETON_ROWS} />}>
        <Match when={props.read.isLoadingError}>
          <ErrorPanel what={props.what} error={props.read.error} onRetry={retry} />
        </Match>
        <Match when={props.read.isSuccess && props.isEmpty}>
          <EmptyPanel title={props.emptyTitle}>{props.emptyText}</EmptyPanel>
        </Match>
        <Match when={props.read.isSuccess}>{props.children}</Match>
      </Switch>
    </>
  );
}

/** How many rows are shown, and whether more follow. */
export function ListNote(props: { read: { isSuccess: boolean }; text: string; hasMore: boolean }): JSX.Element {
  return (
    <Show when={props.read.isSuccess}>
      {props.text}
      {props.hasMore ? " shown, more follow" : ""}
    </Show>
  );
}
