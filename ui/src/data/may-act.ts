import { type Accessor, createMemo } from "solid-js";
import { useScope } from "./scope.tsx";
import { useSession } from "./session.tsx";

/** Whether who is signed in may act on what is open: operators and administrators, and never in the past. */
export function createMayAct(): Accessor<boolean> {
  const session = useSession();
  const scope = useScope();
  return createMemo(() => {
    const state = session.state();
    const roles = state.kind === "signed-in" ? state.me.roles : [];
    return scope.asOf() === undefined && (roles.includes("operator") || roles.includes("admin"));
  });
}
