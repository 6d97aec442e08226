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

const NAMES_HINT = "All, or names separated by commas";

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
      <TextField title="Name" hint="Who or what uses it" value={name()} onInput={setName} hasFocus />
      <RoleField value={role()} onChange={setRole} />
      <TextField title="Sites" hint={NAMES_HINT} value={sites()} onInput={setSites} />
      <TextField title="Domains" hint={NAMES_HINT} value={domains()} onInput={setDomains} />
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

interface TextFieldProps {
  title: string;
  hint: string;
  value: string;
  hasFocus?: boolean;
  onInput: (value: string) => void;
}

function TextField(props: TextFieldProps): JSX.Element {
  return (
    <label>
      {props.title}
      <input
        class="field"
        autofocus={props.hasFocus === true}
        value={props.value}
        placeholder={props.hint}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </label>
  );
}

function RoleField(props: { value: Role; onChange: (role: Role) => void }): JSX.Element {
  const choose = (value: string): void => props.onChange(ROLES.find((role) => role.value === value)?.value ?? "viewer");
  return (
    <label>
      Role
      <select class="field" value={props.value} onChange={(event) => choose(event.currentTarget.value)}>
        <For each={ROLES}>{(role) => <option value={role.value}>{`${role.value}: ${role.meaning}`}</option>}</For>
      </select>
    </label>
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
