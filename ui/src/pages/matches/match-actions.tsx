import { useQueryClient } from "@tanstack/solid-query";
import type { MatchItem } from "@throughline/api/contract";
import { type JSX, Show, createSignal } from "solid-js";
import { useSession } from "../../data/session.tsx";
import { createKey } from "../../frame/keyboard.tsx";
import { formatMeasure } from "../../format/measure.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import { sayMatch } from "./match-text.ts";
import "../../parts/field.css";

type Verb = "take" | "release" | "log" | "accept" | "approve" | "withdraw";

const WORDS: Record<Verb, { title: string; meaning: string; button: string; done: string; field: string }> = {
  take: {
    title: "Take it?",
    meaning: "It is in work by you from now on.",
    button: "Take it",
    done: "You have it.",
    field: "Note",
  },
  release: {
    title: "Give it back?",
    meaning: "It is open again, for anybody of its owner.",
    button: "Give it back",
    done: "Given back.",
    field: "Note",
  },
  log: {
    title: "Log time",
    meaning: "Minutes that somebody spent on it, for the figures of effort. As often as there is something to log.",
    button: "Log it",
    done: "Logged.",
    field: "What was done",
  },
  accept: {
    title: "Accept it as it is?",
    meaning: "What the rules say stays. Should it differ by something else later, the acceptance is void.",
    button: "Accept it",
    done: "Accepted.",
    field: "Why, for the record",
  },
  approve: {
    title: "Approve the acceptance?",
    meaning: "You confirm, as a second person, that it may stay as it is.",
    button: "Approve it",
    done: "Approved.",
    field: "Note",
  },
  withdraw: {
    title: "Take the acceptance back?",
    meaning: "It has to be worked on again.",
    button: "Take it back",
    done: "Taken back.",
    field: "Why, for the record",
  },
};

const MIN_REASON = 3;

/** What the one who looks may do about a match, and the dialog in which it is done. */
export function MatchActions(props: { match: MatchItem }): JSX.Element {
  const session = useSession();
  const [verb, setVerb] = createSignal<Verb>();
  const work = () => props.match.work;
  const me = () => {
    const state = session.state();
    return state.kind === "signed-in" ? state.me.id : "";
  };
  const isIn = (...states: string[]) => states.includes(work()?.state ?? "");
  const isMine = () => work()?.takenBy?.id === me();
  const isOwnAcceptance = () => work()?.acceptedBy?.id === me();
  const choose = (wanted: Verb, ...states: string[]) => verb() === undefined && isIn(...states) && setVerb(wanted);
  createKey("m", "Take the match", () => !isMine() && choose("take", "open", "in_work"));
  createKey("n", "Log time on the match", () => work() !== null && verb() === undefined && setVerb("log"));
  createKey("a", "Accept or approve the match", () =>
    isIn("proposed") ? !isOwnAcceptance() && choose("approve", "proposed") : choose("accept", "open", "in_work"),
  );
  return (
    <>
      <Show when={isIn("open", "in_work") && !isMine()}>
        <Button look="solid" onClick={() => setVerb("take")}>
          Take
        </Button>
      </Show>
      <Show when={isIn("proposed")}>
        <Button look="solid" disabled={isOwnAcceptance()} onClick={() => setVerb("approve")}>
          Approve
        </Button>
      </Show>
      <Show when={isIn("open", "in_work")}>
        <Button onClick={() => setVerb("accept")}>Accept</Button>
      </Show>
      <Show when={isIn("proposed", "accepted")}>
        <Button onClick={() => setVerb("withdraw")}>{isIn("proposed") ? "Refuse or take back" : "Take back"}</Button>
      </Show>
      <Button onClick={() => setVerb("log")}>Log time</Button>
      <Show when={isIn("in_work") && isMine()}>
        <Button onClick={() => setVerb("release")}>Give back</Button>
      </Show>
      <Show when={isIn("proposed") && isOwnAcceptance()}>
        <span class="quiet">You accepted it: another operator or administrator has to approve.</span>
      </Show>
      <Dialog title={WORDS[verb() ?? "take"].title} isOpen={verb() !== undefined} onClose={() => setVerb(undefined)}>
        <Show when={verb()}>
          {(known) => <ActForm verb={known()} match={props.match} onClose={() => setVerb(undefined)} />}
        </Show>
      </Dialog>
    </>
  );
}

interface ActProps {
  verb: Verb;
  match: MatchItem;
  onClose: () => void;
}

function ActForm(props: ActProps): JSX.Element {
  const { note, setNote, minutes, setMinutes, failure, isSending, send } = createAct(props);
  const needsReason = () => props.verb === "accept" || props.verb === "withdraw";
  return (
    <form
      class="dialog-body match-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>{sayMatch(props.match)}</p>
      <p>{WORDS[props.verb].meaning}</p>
      <Cost verb={props.verb} match={props.match} />
      <Show when={props.verb === "log"}>
        <label>
          Minutes
          <input
            class="field"
            type="number"
            min="1"
            max="1440"
            autofocus
            value={minutes()}
            onInput={(event) => setMinutes(event.currentTarget.value)}
          />
        </label>
      </Show>
      <label>
        {WORDS[props.verb].field}
        <textarea
          class="field"
          rows={2}
          maxLength={1000}
          autofocus={props.verb !== "log"}
          required={needsReason()}
          value={note()}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      <Show when={failure()}>
        {(message) => (
          <p class="late" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <div class="match-form-actions">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button type="submit" look="solid" disabled={isSending()}>
          {WORDS[props.verb].button}
        </Button>
      </div>
    </form>
  );
}

/** What accepting it may cost, and whether one person may do so. */
function Cost(props: Pick<ActProps, "verb" | "match">): JSX.Element {
  return (
    <Show when={props.verb === "accept" && props.match.work}>
      {(work) => (
        <p>
          <Show when={work().worth} fallback="What it may cost is not known.">
            {(worth) => <>It may cost {formatMeasure(worth())}.</>}
          </Show>{" "}
          {work().needsSecondPerson ? "A second person has to approve it." : "One person may accept that."}
        </p>
      )}
    </Show>
  );
}

/** What is said with an act, and the way to the API. */
function createAct(props: ActProps) {
  const { client } = useSession();
  const queries = useQueryClient();
  const say = useToast();
  const [note, setNote] = createSignal("");
  const [minutes, setMinutes] = createSignal("");
  const [failure, setFailure] = createSignal("");
  const [isSending, setSending] = createSignal(false);
  const send = async (): Promise<void> => {
    const fault = findFault(props.verb, { note: note(), minutes: minutes() });
    setFailure(fault);
    if (fault !== "" || isSending()) return;
    setSending(true);
    try {
      await sendAct(client, props, { note: note().trim(), minutes: Number(minutes()) });
      say(WORDS[props.verb].done);
      props.onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
      const changed = ["/matches", "/matches/{id}", "/matches/summary"];
      await Promise.all(changed.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    }
  };
  return { note, setNote, minutes, setMinutes, failure, isSending, send };
}

function findFault(verb: Verb, { note, minutes }: { note: string; minutes: string }): string {
  if (verb === "log" && !(Number.isInteger(Number(minutes)) && Number(minutes) >= 1 && Number(minutes) <= 1440))
    return "Say how many minutes, from 1 to 1,440.";
  return verb === "accept" && note.trim().length < MIN_REASON ? "Say why, for who approves it and for auditors." : "";
}

async function sendAct(
  client: ReturnType<typeof useSession>["client"],
  { verb, match }: ActProps,
  { note, minutes }: { note: string; minutes: number },
): Promise<void> {
  const path = { id: match.id };
  const { version, seen } = match.work ?? { version: 0, seen: "" };
  if (verb === "log") await client.send("POST /matches/{id}/log", { path, body: { version, minutes, note } });
  else if (verb === "accept")
    await client.send("POST /matches/{id}/accept", { path, body: { version, seen, reason: note } });
  else if (verb === "approve") await client.send("POST /matches/{id}/approve", { path, body: { version, seen, note } });
  else await client.send(`POST /matches/{id}/${verb}`, { path, body: { version, note } });
}
