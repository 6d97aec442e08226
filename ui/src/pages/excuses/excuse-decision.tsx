import type { Excuse } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import type { Client } from "../../data/client.ts";
import type { Names } from "../../data/names.ts";
import { DecideDialog, type DecisionWords } from "../../parts/decide-dialog.tsx";
import { sayCovered } from "./excuse-text.ts";

export type Verb = "approve" | "reject" | "withdraw" | "end";

const WORDS: Record<Verb, DecisionWords> = {
  approve: {
    title: "Approve it?",
    meaning: "Its time no longer counts. Deadlines move, and breaches that fall away are corrected.",
    button: "Approve it",
    done: "Approved. The legs that it crosses are judged again.",
  },
  reject: {
    title: "Reject it?",
    meaning: "It moves nothing. Whoever wants it after all has to request it again.",
    button: "Reject it",
    done: "Rejected",
  },
  withdraw: {
    title: "Withdraw it?",
    meaning: "Its time counts again: legs that it excused may be breached from now on. This cannot be taken back.",
    button: "Withdraw it",
    done: "Withdrawn. The legs that it crossed are judged again.",
  },
  end: {
    title: "End the pause now?",
    meaning: "The legs go on from now; the time up to now does not count. It cannot be opened again.",
    button: "End it now",
    done: "Ended. The legs that it crosses are judged again.",
  },
};

interface ExcuseDecisionProps {
  verb: Verb | undefined;
  excuse: Excuse;
  names: Names;
  onClose: () => void;
}

/** Asks once more before a decision about a window is recorded. */
export function ExcuseDecision(props: ExcuseDecisionProps): JSX.Element {
  return (
    <DecideDialog
      words={props.verb === undefined ? undefined : WORDS[props.verb]}
      about={`${props.excuse.reason}. ${sayCovered(props.excuse, props.names)}.`}
      send={(client, note) => decide(client, { excuse: props.excuse, verb: props.verb, note })}
      changes={["/excuses", "/excuses/{id}"]}
      onClose={props.onClose}
    />
  );
}

async function decide(
  client: Client,
  { excuse, verb, note }: { excuse: Excuse; verb: Verb | undefined; note: string },
): Promise<void> {
  const { id, version } = excuse;
  if (verb !== undefined) await client.send(`POST /excuses/{id}/${verb}`, { path: { id }, body: { version, note } });
}
