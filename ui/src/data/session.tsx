import type { Me } from "@throughline/api/contract";
import { type Accessor, type JSX, createContext, createEffect, createSignal, useContext } from "solid-js";
import { ApiError, type Client, createClient } from "./client.ts";

/**
 * Who uses this page; `failed` when nobody can say, since the tower does not answer. Whoever was signed in here before is
 * expected to be still, so that pages need not wait for the answer.
 */
export type SessionState =
  | { kind: "checking"; isExpected: boolean }
  | { kind: "signed-out" }
  | { kind: "failed"; error: ApiError }
  | { kind: "signed-in"; me: Me };

export interface Session {
  client: Client;
  state: Accessor<SessionState>;
  /** Reads who is signed in, again. */
  check: () => Promise<void>;
  /** Shows the sign-in page without asking who is signed in, since a sign-in link was opened. */
  expectSignIn: () => void;
  /** Trades the code of a sign-in link, or a key, for a session; throws an `ApiError`. */
  signIn: (secret: { code: string } | { key: string }) => Promise<void>;
  signOut: () => Promise<void>;
}

const SIGNED_IN = "throughline.signed-in";
const Context = createContext<Session>();

/** Knows who is signed in, and holds the client that everything on the page reads with. */
export function SessionProvider(props: { children: JSX.Element }): JSX.Element {
  return <Context.Provider value={createSession()}>{props.children}</Context.Provider>;
}

export function useSession(): Session {
  const session = useContext(Context);
  if (session === undefined) throw new Error("useSession stands outside SessionProvider");
  return session;
}

function createSession(): Session {
  const [state, setState] = createSignal<SessionState>({
    kind: "checking",
    isExpected: localStorage.getItem(SIGNED_IN) !== null,
  });
  createEffect(() => {
    const { kind } = state();
    if (kind === "signed-in") localStorage.setItem(SIGNED_IN, "yes");
    if (kind === "signed-out") localStorage.removeItem(SIGNED_IN);
  });
  const client = createClient(() => setState({ kind: "signed-out" }));
  return {
    client,
    state,
    check: async () => {
      const before = state();
      try {
        // Who was never signed in here is asked for in a way that refuses nothing.
        const isExpected = before.kind !== "checking" || before.isExpected;
        if (!isExpected && !(await client.get("/session", {})).isSignedIn) setState({ kind: "signed-out" });
        else setState({ kind: "signed-in", me: await client.get("/me", {}) });
      } catch (error) {
        const isKnown = error instanceof ApiError;
        if (!isKnown || error.status !== 401)
          setState({
            kind: "failed",
            error: isKnown ? error : new ApiError(String(error), { status: 0, cause: error }),
          });
      }
    },
    expectSignIn: () => setState({ kind: "signed-out" }),
    signIn: async (secret) => {
      setState({ kind: "signed-in", me: await client.send("POST /session", { body: secret }) });
    },
    signOut: async () => {
      await client.send("DELETE /session", {});
      setState({ kind: "signed-out" });
    },
  };
}
