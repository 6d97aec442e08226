import { useQueryClient } from "@tanstack/solid-query";
import type { Role } from "@throughline/api/contract";
import { For, type JSX, Show, createSignal } from "solid-js";
import { useSession } from "../../data/session.tsx";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { Dialog } from "../../parts/dialog.tsx";

const ROLES: readonly { value: Role; meaning: string }[] = [
  { value: "viewer", meaning: "reads" },
  { value: "operator", meaning: "reads and acts on what is open" },
  { value: "auditor", meaning: "reads, evidence too" },
  { value: "admin", meaning: "everything, keys too" },
  { value: "ingest", meaning: "only sends events" },
];

/** Makes a key and shows it, once. */
export function NewKeyDialog(props: { isOpen: boolean; onClose: () => void }): JSX.Element {
  const [text, setText] = createSignal<string>();
  const close = (): void => {
    setText(undefined);
    props.onClose();
  };
  return (
    <Dialog title={text() === undefined ? "New key" : "Copy the key now"} isOpen={props.isOpen} onClose={close}>
      <Show when={text()} fallback={<NewKeyForm onMade={setText} onCancel={close} />}>
        {(made) => (
          <div class="dialog-body settings-form">
            <p>It is shown here and never again. Only its fingerprint is kept.</p>
            <CodeBlock label="Key" text={made()} />
            <div class="settings-actions">
              <Button look="solid" onClick={close}>
                Done
              </Button>
            </div>
          </div>
        )}
      </Show>
    </Dialog>
  );
}

function NewKeyForm(props: { onMade: (text: string) => void; onCancel: () => void }): JSX.Element {
  const { client } = useSession();
  const queries = useQueryClient();
  const [name, setName] = createSignal("");
  const [role, setRole] = createSignal<Role>("viewer");
  const [sites, setSites] = createSignal("");
  const [domains, setDomains] = createSignal("");
  const [fault, setFault] = createSignal("");
  const make = async (): Promise<void> => {
    try {
      const scope = { sites: readNames(sites()), domains: readNames(domains()) };
      const made = await client.send("POST /keys", { body: { name: name().trim(), roles: [role()], scope } });
      await queries.invalidateQueries({ queryKey: ["/keys"] });
      props.onMade(made.text);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      class="dialog-body settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name().trim() !== "") void make();
      }}
    >
      <label>
        Name
        <input class="field" autofocus value={name()} placeholder="Who or what uses it" onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        Role
        <select class="field" value={role()} onChange={(event) => setRole(ROLES.find(({ value }) => value === event.currentTarget.value)?.value ?? "viewer")}>
          <For each={ROLES}>{(each) => <option value={each.value}>{`${each.value}: ${each.meaning}`}</option>}</For>
        </select>
      </label>
      <label>
        Sites
        <input class="field" value={sites()} placeholder="All, or names separated by commas" onInput={(event) => setSites(event.currentTarget.value)} />
      </label>
      <label>
        Domains
        <input class="field" value={domains()} placeholder="All, or names separated by commas" onInput={(event) => setDomains(event.currentTarget.value)} />
      </label>
      <Show when={fault()}>
        {(text) => (
          <p class="late" role="alert">
            {text()}
          </p>
        )}
      </Show>
      <div class="settings-actions">
        <Button onClick={() => props.onCancel()}>Cancel</Button>
        <Button type="submit" look="solid" disabled={name().trim() === ""}>
          Make the key
        </Button>
      </div>
    </form>
  );
}

/** `*` when nothing is named, else the names. */
function readNames(text: string): "*" | string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.length === 0 ? "*" : names;
}
