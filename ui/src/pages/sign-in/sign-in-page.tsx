import { type JSX, Show, createSignal, onMount } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { useSession } from "../../data/session.tsx";
import { Button } from "../../parts/button.tsx";
import "../../parts/field.css";
import "./sign-in-page.css";

const SIGN_IN = "/sign-in";

/** Lets a person in by the code of a sign-in link or by a key. */
export function SignInPage(): JSX.Element {
  const session = useSession();
  const [fault, setFault] = createSignal("");
  const [isBusy, setBusy] = createSignal(false);
  const enter = async (secret: { code: string } | { key: string }): Promise<void> => {
    setBusy(true);
    setFault("");
    try {
      await session.signIn(secret);
    } catch (error) {
      setFault(explain(error, "code" in secret));
      setBusy(false);
    }
  };
  onMount(() => {
    document.title = "Sign in · Throughline";
    const code = takeCode();
    if (code !== undefined) void enter({ code });
  });
  return (
    <main class="sign-in">
      <div class="sign-in-panel">
        <h1 class="sign-in-title">Throughline</h1>
        <p class="quiet">Follow every medication order from the pharmacy shelf to the general ledger.</p>
        <SignInForm fault={fault()} isBusy={isBusy()} onKey={(key) => void enter({ key })} />
        <SignInHelp />
      </div>
    </main>
  );
}

function SignInForm(props: { fault: string; isBusy: boolean; onKey: (key: string) => void }): JSX.Element {
  const [key, setKey] = createSignal("");
  return (
    <form
      class="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (key().trim() !== "") props.onKey(key().trim());
      }}
    >
      <label for="sign-in-key">Key</label>
      <input
        id="sign-in-key"
        class="field mono"
        type="password"
        autocomplete="current-password"
        placeholder="Paste your key or token"
        value={key()}
        onInput={(event) => setKey(event.currentTarget.value)}
      />
      <Show when={props.fault}>
        {(text) => (
          <p class="sign-in-fault" role="alert">
            {text()}
          </p>
        )}
      </Show>
      <Button type="submit" look="solid" disabled={props.isBusy}>
        {props.isBusy ? "Signing in" : "Sign in"}
      </Button>
    </form>
  );
}

function SignInHelp(): JSX.Element {
  return (
    <div class="sign-in-help">
      <h2>First time here?</h2>
      <p>
        The tower prints a one-time sign-in link in the terminal where it was started, and in its log. Open that link in
        this browser within 15 minutes. If it was used or is too old, restart the tower for a new one, or sign in with
        the token set as <code>THROUGHLINE_ADMIN_TOKEN</code>.
      </p>
      <p>Colleagues get a key from an administrator, under Settings.</p>
    </div>
  );
}

/** The code that a sign-in link carries after its #, taken out of the address so that it is not kept. */
function takeCode(): string | undefined {
  const code = new URLSearchParams(location.hash.slice(1)).get("code") ?? undefined;
  if (code !== undefined)
    history.replaceState(history.state, "", location.pathname === SIGN_IN ? "/" : location.pathname + location.search);
  return code;
}

function explain(error: unknown, isLink: boolean): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 0) return `${error.message} Check that it is running and try again.`;
  if (error.status === 401 || error.status === 403 || error.status === 400)
    return isLink
      ? "This sign-in link was used already or is older than 15 minutes. Restart the tower for a new one, or paste a key."
      : "This key is not known or was revoked. Check that all of it was copied.";
  return error.message;
}
