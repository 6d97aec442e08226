import { Navigate } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { useScope } from "../../data/scope.tsx";
import { useSession } from "../../data/session.tsx";
import { findOwnSeat } from "./seat-text.ts";

/** Leads to the seat of who is signed in. */
export function OwnSeatPage(): JSX.Element {
  const session = useSession();
  const scope = useScope();
  const domains = () => {
    const state = session.state();
    return state.kind === "signed-in" ? state.me.scope.domains : undefined;
  };
  return <Show when={domains()}>{(own) => <Navigate href={scope.linkTo(`/seats/${findOwnSeat(own())}`)} />}</Show>;
}
