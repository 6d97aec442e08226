import type { Translation } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { Button } from "../../parts/button.tsx";
import { SecondPerson } from "../../parts/second-person.tsx";
import { Time } from "../../parts/time.tsx";
import type { Verb } from "./translation-decision.tsx";

/** What the one who looks may do. */
export function Decisions(props: { translation: Translation; onChoose: (verb: Verb) => void }): JSX.Element {
  const isProposed = () => props.translation.state === "proposed";
  return (
    <SecondPerson
      isOpen={isProposed()}
      first={props.translation.proposedBy.id}
      did="proposed"
      onApprove={() => props.onChoose("approve")}
      onReject={() => props.onChoose("reject")}
    >
      <Show when={isProposed() || props.translation.state === "approved"}>
        <Button onClick={() => props.onChoose("withdraw")}>Withdraw</Button>
      </Show>
    </SecondPerson>
  );
}

export function Said(props: { by: string; at: string }): JSX.Element {
  return (
    <>
      by {props.by}, <Time at={props.at} style="second" />
    </>
  );
}
