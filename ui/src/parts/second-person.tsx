import { type JSX, Show } from "solid-js";
import { useSession } from "../data/session.tsx";
import { Button } from "./button.tsx";

interface SecondPersonProps {
  /** Whether it still waits for a decision. */
  isOpen: boolean;
  /** The id of who wanted it, and what they did: `proposed`. */
  first: string;
  did: string;
  onApprove: () => void;
  onReject: () => void;
  /** What else can be done with it. */
  children?: JSX.Element;
}

/** The buttons of who decides; who wanted it sees why another person has to. */
export function SecondPerson(props: SecondPersonProps): JSX.Element {
  const session = useSession();
  const isOwn = () => {
    const state = session.state();
    return state.kind === "signed-in" && state.me.id === props.first;
  };
  return (
    <>
      <Show when={props.isOpen}>
        <Button look="solid" disabled={isOwn()} onClick={() => props.onApprove()}>
          Approve
        </Button>
        <Button disabled={isOwn()} onClick={() => props.onReject()}>
          Reject
        </Button>
      </Show>
      {props.children}
      <Show when={props.isOpen && isOwn()}>
        <span class="quiet">You {props.did} it: another operator or administrator has to decide.</span>
      </Show>
    </>
  );
}
