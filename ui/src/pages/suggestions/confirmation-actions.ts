import { useQueryClient } from "@tanstack/solid-query";
import type { Confirmation, Suggestion } from "@throughline/api/contract";
import { type Accessor, createSignal } from "solid-js";
import type { Client } from "../../data/client.ts";
import { useSession } from "../../data/session.tsx";
import { useToast } from "../../parts/toast.tsx";
import type { ConfirmationVerb } from "./suggestion-text.ts";

/** What can be done about items without a common key, one thing at a time. What it changed is read again. */
export interface ConfirmationActions {
  /** True when it was done; `failure` tells else why not. */
  request: (suggestion: Suggestion, reason: string) => Promise<boolean>;
  change: (confirmation: Confirmation, verb: ConfirmationVerb, note: string) => Promise<boolean>;
  isBusy: Accessor<boolean>;
  /** Empty when nothing failed. */
  failure: Accessor<string>;
}

const DONE: Record<ConfirmationVerb, string> = {
  approve: "Approved.",
  reject: "Rejected.",
  withdraw: "Withdrawn.",
};
const CHANGED = ["/reconciliations/{id}/suggestions", "/reconciliations/{id}/confirmations"];

export function createConfirmationActions(reconciliation: Accessor<string>): ConfirmationActions {
  const { run, isBusy, failure } = createRun();
  return {
    isBusy,
    failure,
    request: ({ unit, items, needsSecondPerson }, reason) => {
      const named = items.map(({ key, side, source, id }) => ({ key, side, source, id }));
      const done = needsSecondPerson ? "Requested: another person has to approve it." : "Recorded.";
      return run(done, (api) =>
        api.send("POST /reconciliations/{id}/confirmations", {
          path: { id: reconciliation() },
          body: { unit, items: named, reason },
        }),
      );
    },
    change: ({ id: confirmation, version }, verb, note) =>
      run(DONE[verb], (api) =>
        api.send(`POST /reconciliations/{id}/confirmations/{confirmation}/${verb}`, {
          path: { id: reconciliation(), confirmation },
          body: { version, note },
        }),
      ),
  };
}

function createRun() {
  const { client } = useSession();
  const queries = useQueryClient();
  const say = useToast();
  const [isBusy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal("");
  const run = async (done: string, send: (client: Client) => Promise<unknown>): Promise<boolean> => {
    if (isBusy()) return false;
    setBusy(true);
    setFailure("");
    try {
      await send(client);
      say(done);
      return true;
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      setBusy(false);
      await Promise.all(CHANGED.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    }
  };
  return { run, isBusy, failure };
}
