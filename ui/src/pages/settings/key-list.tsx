import { useQueryClient } from "@tanstack/solid-query";
import type { AccessKey } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createSignal } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useSession } from "../../data/session.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonRows } from "../../parts/skeleton.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { useToast } from "../../parts/toast.tsx";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import "../../parts/plain-table.css";

/** The keys by which people and systems reach the tower. */
export function KeyList(): JSX.Element {
  const read = createRead("/keys", () => ({}));
  const [isMaking, setMaking] = createSignal(false);
  const [revoking, setRevoking] = createSignal<AccessKey>();
  return (
    <Section
      class="settings-keys scroller"
      title="Keys"
      note="for colleagues and for systems that send"
      actions={
        <Button look="solid" onClick={() => setMaking(true)}>
          New key
        </Button>
      }
    >
      <Switch fallback={<SkeletonRows count={4} />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The keys" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data}>
          {(keys) => <KeyTable keys={keys().items} onRevoke={setRevoking} />}
        </Match>
      </Switch>
      <NewKeyDialog isOpen={isMaking()} onClose={() => setMaking(false)} />
      <RevokeDialog revoked={revoking()} onClose={() => setRevoking(undefined)} />
    </Section>
  );
}

function KeyTable(props: { keys: readonly AccessKey[]; onRevoke: (key: AccessKey) => void }): JSX.Element {
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Roles</th>
          <th scope="col">Sites</th>
          <th scope="col">Domains</th>
          <th scope="col">Made</th>
          <th scope="col">
            <span class="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <For each={props.keys}>
          {(key) => (
            <tr classList={{ quiet: key.revokedAt !== null }}>
              <td>{key.name}</td>
              <td>{key.roles.join(", ")}</td>
              <td>{key.scope.sites === "*" ? "All" : key.scope.sites.join(", ")}</td>
              <td>{key.scope.domains === "*" ? "All" : key.scope.domains.join(", ")}</td>
              <td>
                <Time at={key.createdAt} /> <span class="quiet">by {key.createdBy}</span>
              </td>
              <td class="number">
                <Show
                  when={key.revokedAt}
                  fallback={
                    <Button look="bare" onClick={() => props.onRevoke(key)}>
                      Revoke
                    </Button>
                  }
                >
                  {(at) => (
                    <>
                      revoked <Time at={at()} />
                    </>
                  )}
                </Show>
              </td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function RevokeDialog(props: { revoked: AccessKey | undefined; onClose: () => void }): JSX.Element {
  const { client } = useSession();
  const queries = useQueryClient();
  const say = useToast();
  const revoke = async (key: AccessKey): Promise<void> => {
    try {
      await client.send("DELETE /keys/{id}", { path: { id: key.id } });
      await queries.invalidateQueries({ queryKey: ["/keys"] });
      say(`${key.name} was revoked`);
    } catch (error) {
      say(`The key was not revoked. ${error instanceof Error ? error.message : ""}`);
    }
    props.onClose();
  };
  return (
    <Dialog title={`Revoke ${props.revoked?.name ?? ""}?`} isOpen={props.revoked !== undefined} onClose={props.onClose}>
      <div class="dialog-body settings-form">
        <p>Whoever uses this key can no longer read or send with it, from now on. This cannot be taken back.</p>
        <div class="settings-actions">
          <Button onClick={() => props.onClose()}>Keep it</Button>
          <Show when={props.revoked}>
            {(key) => (
              <Button look="solid" onClick={() => void revoke(key())}>
                Revoke the key
              </Button>
            )}
          </Show>
        </div>
      </div>
    </Dialog>
  );
}
