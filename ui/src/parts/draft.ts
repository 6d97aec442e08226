import { useQueryClient } from "@tanstack/solid-query";
import { createSignal } from "solid-js";
import { createStore } from "solid-js/store";
import { ApiError, type Client } from "../data/client.ts";
import { useSession } from "../data/session.tsx";
import { useToast } from "./toast.tsx";

/** What is wrong with a draft, by its fields. */
export type Faults<Draft> = Partial<Record<keyof Draft, string>>;

interface DraftOptions<Draft extends object, Made> {
  first: () => Draft;
  listFaults: (draft: Draft) => Faults<Draft>;
  /** What the API found wrong, at the fields that they belong to. */
  toFaults: (errors: readonly { path: string; message: string }[]) => Faults<Draft>;
  send: (client: Client, draft: Draft) => Promise<Made>;
  /** Paths of the API that answer otherwise from then on. */
  changes: readonly string[];
  /** What is said when it was taken. */
  done: string;
  onRefused: () => void;
  onMade: (made: Made) => void;
}

/** What somebody types into a form, what is wrong with it, and the way to the API. */
export function createDraft<Draft extends object, Made>(options: DraftOptions<Draft, Made>) {
  const [draft, setDraft] = createStore<Draft>({ ...options.first() });
  const [faults, setFaults] = createSignal<Faults<Draft>>({});
  const refuse = (found: Faults<Draft>): void => {
    setFaults(() => found);
    options.onRefused();
  };
  const sending = createSending({
    changes: () => options.changes,
    onFailure: (error) => error instanceof ApiError && refuse(options.toFaults(error.problem?.errors ?? [])),
  });
  const send = async (): Promise<void> => {
    const found = options.listFaults(draft);
    refuse(found);
    sending.forget();
    if (Object.keys(found).length > 0) return;
    await sending.run(async (client) => {
      const made = await options.send(client, draft);
      return () => options.onMade(made);
    }, options.done);
  };
  return { draft, setDraft, faults, failure: sending.failure, isSending: sending.isSending, send };
}

/** What is said with a decision, and the way to the API. */
export function createDecision(options: {
  send: (client: Client, note: string) => Promise<unknown>;
  changes: () => readonly string[];
  done: () => string;
  onDone: () => void;
}) {
  const [note, setNote] = createSignal("");
  const { failure, isSending, run } = createSending({ changes: options.changes, onFailure: () => undefined });
  const work = (client: Client) => options.send(client, note().trim()).then(() => options.onDone);
  const send = () => run(work, options.done());
  return { note, setNote, failure, isSending, send };
}

/** One sending at a time; what it changes is read again, whether it went well or not. */
function createSending(options: { changes: () => readonly string[]; onFailure: (error: unknown) => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const say = useToast();
  const [failure, setFailure] = createSignal("");
  const [isSending, setSending] = createSignal(false);
  const refresh = () => Promise.all(options.changes().map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const run = async (work: (client: Client) => Promise<() => void>, done: string): Promise<void> => {
    if (isSending()) return;
    setFailure("");
    setSending(true);
    try {
      const end = await work(client);
      say(done);
      end();
    } catch (error) {
      options.onFailure(error);
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
      await refresh();
    }
  };
  return { failure, isSending, run, forget: (): void => void setFailure("") };
}
