import type { Translation } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { useSession } from "../../data/session.tsx";
import { Button } from "../../parts/button.tsx";
import { Time } from "../../parts/time.tsx";
import type { Verb } from "./decide-dialog.tsx";

/** What the one who looks may do; who proposed a translation sees why another person has to decide. */
export function Decisions(props: { translation: Translation; onChoose: (verb: Verb) => void }): JSX.Element {
  const session = useSession();
  const isOwn = () => {
    const state = session.state();
    return state.kind === "signed-in" && state.me.id === props.translation.proposedBy.id;
  };
  const isProposed = () => props.translation.state === "proposed";
  return (
    <>
      <Show when={isProposed()}>
        <Button look="solid" disabled={isOwn()} onClick={() => props.onChoose("approve")}>
          Approve
        </Button>
        <Button disabled={isOwn()} onClick={() => props.onChoose("reject")}>
          Reject
        </Button>
      </Show>
      <Show when={isProposed() || props.translation.state === "approved"}>
        <Button onClick={() => props.onChoose("withdraw")}>Withdraw</Button>
      </Show>
      <Show when={isProposed() && isOwn()}>
        <span class="quiet">You proposed it: another operator or administrator has to decide.</span>
      </Show>
    </>
  );
}

export function Said(props: { by: string; at: string }): JSX.Element {
  return (
    <>
      by {props.by}, <Time at={props.at} style="second" />
    </>
  );
}
