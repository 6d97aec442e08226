import { useParams } from "@solidjs/router";
import type { Checkpoint, ReconciliationItem } from "@throughline/api/contract";
import { type Accessor, type JSX, Show } from "solid-js";
import { decodePathPart } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { createReconciliation } from "./open-items-query.ts";
import { sayDays } from "./period-text.ts";

interface ReadCheckpoint {
  path: Accessor<{ id: string; checkpoint: string }>;
  item: Accessor<ReconciliationItem | undefined>;
  checkpoint: Accessor<Checkpoint | undefined>;
}

/** The checkpoint that the address names, and its reconciliation; each undefined until it is read. */
export function createCheckpoint(): ReadCheckpoint {
  const params = useParams();
  const { id, item } = createReconciliation();
  const path = () => ({ id: id(), checkpoint: decodePathPart(params.checkpoint) });
  const read = createRead("/reconciliations/{id}/checkpoints/{checkpoint}", () => ({ path: path(), query: {} }));
  return { path, item, checkpoint: () => (read.isSuccess ? read.data : undefined) };
}

/** Of which period and company a list is, and who locked it. */
export function PeriodOf(props: { checkpoint: Checkpoint | undefined }): JSX.Element {
  return (
    <Show when={props.checkpoint}>
      {(checkpoint) => (
        <span>
          {" "}
          of {sayDays(checkpoint().period)}, company {checkpoint().company}
          <Show when={checkpoint().lock}>
            {(lock) => (
              <>
                , {lock().state} by {lock().by.name}
              </>
            )}
          </Show>
        </span>
      )}
    </Show>
  );
}
