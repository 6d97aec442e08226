import type { Translation } from "@throughline/api/contract";
import { type JSX, Show, createSignal } from "solid-js";
import type { Client } from "../../data/client.ts";
import { useScope } from "../../data/scope.tsx";
import { DecideDialog, type DecisionWords } from "../../parts/decide-dialog.tsx";
import { SecondPerson } from "../../parts/second-person.tsx";
import { Time } from "../../parts/time.tsx";
import { DECISION_CHANGES } from "./translation-decision.tsx";

type Verb = "approve" | "reject";

const WORDS: Record<Verb, DecisionWords> = {
  approve: {
    title: "Approve the whole import?",
    meaning: "All of it that nobody has decided about travels to the edges. If one cannot stand, none is approved.",
    button: "Approve all",
    done: "Approved. Edges take it when they ask next.",
  },
  reject: {
    title: "Reject the whole import?",
    meaning: "What nobody has decided about translates nothing.",
    button: "Reject all",
    done: "Rejected",
  },
};

/** What came with one file, and what can be decided about all of it at once. */
export function ImportBar(props: { id: string; rows: readonly Translation[]; mayWrite: boolean }): JSX.Element {
  const scope = useScope();
  const [verb, setVerb] = createSignal<Verb>();
  const first = () => props.rows[0];
  const isOpen = () => props.rows.some(({ state }) => state === "proposed");
  const words = () => {
    const chosen = verb();
    return chosen && WORDS[chosen];
  };
  return (
    <div class="import-bar">
      <p>
        Only what came with one file
        <Show when={first()}>
          {(row) => (
            <>
              , imported by {row().proposedBy.name} <Time at={row().proposedAt} />
            </>
          )}
        </Show>
        . <a href={scope.linkTo("/crosswalks/translations")}>Show all translations</a>
      </p>
      <Show when={props.mayWrite && first()}>
        {(row) => (
          <div class="import-decisions">
            <SecondPerson
              isOpen={isOpen()}
              first={row().proposedBy.id}
              did="proposed"
              onApprove={() => setVerb("approve")}
              onReject={() => setVerb("reject")}
            />
          </div>
        )}
      </Show>
      <DecideDialog
        words={words()}
        about="All translations of this import."
        send={(client, note) => decide(client, { importId: props.id, verb: verb(), note })}
        changes={DECISION_CHANGES}
        onClose={() => setVerb(undefined)}
      />
    </div>
  );
}

async function decide(
  client: Client,
  { importId, verb, note }: { importId: string; verb: Verb | undefined; note: string },
): Promise<void> {
  if (verb !== undefined) await client.send("POST /crosswalks/decisions", { body: { verb, importId, note } });
}
