import type { Translation } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import type { Client } from "../../data/client.ts";
import { DecideDialog, type DecisionWords } from "../../parts/decide-dialog.tsx";
import { sayDays, sayPlace } from "./translation-text.ts";

export type Verb = "approve" | "reject" | "withdraw";

export interface Decision {
  verb: Verb;
  translation: Translation;
}

const DECISION_WORDS: Record<Verb, DecisionWords> = {
  approve: {
    title: "Approve it?",
    meaning:
      "It travels to the edges when they ask next. Documents that wait for it are mapped again, and those that used what it takes the place of.",
    button: "Approve it",
    done: "Approved. Edges take it when they ask next.",
  },
  reject: {
    title: "Reject it?",
    meaning: "It translates nothing. Whoever wants it after all has to propose it again.",
    button: "Reject it",
    done: "Rejected",
  },
  withdraw: {
    title: "Withdraw it?",
    meaning: "What it translated is unknown again for new documents. What was told already stays as it is.",
    button: "Withdraw it",
    done: "Withdrawn",
  },
};

/** What answers otherwise once a translation was decided about. */
export const DECISION_CHANGES = ["/crosswalks", "/crosswalks/{id}", "/mapping-waits"] as const;

/** Asks once more before a decision about a translation is recorded. */
export function TranslationDecision(props: { decision: Decision | undefined; onClose: () => void }): JSX.Element {
  return (
    <DecideDialog
      words={props.decision === undefined ? undefined : DECISION_WORDS[props.decision.verb]}
      about={props.decision && <About {...props.decision.translation} />}
      send={(client, note) => decide(client, props.decision, note)}
      changes={DECISION_CHANGES}
      onClose={props.onClose}
    />
  );
}

async function decide(client: Client, decision: Decision | undefined, note: string): Promise<void> {
  if (decision === undefined) return;
  const { id, revision } = decision.translation;
  const body = { verb: decision.verb, translations: [{ id, revision }], note };
  await client.send("POST /crosswalks/decisions", { body });
}

function About(props: Translation): JSX.Element {
  return (
    <>
      <span class="crosswalk-code">{props.from}</span> is <span class="crosswalk-code">{props.to}</span>,{" "}
      {sayPlace(props)}, {sayDays(props)}.
    </>
  );
}
