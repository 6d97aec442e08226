import { useQueryClient } from "@tanstack/solid-query";
import type { ImportPreview } from "@throughline/api/contract";
import { createSignal } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { useSession } from "../../data/session.tsx";
import { formatNoun } from "../../format/number.ts";
import { useToast } from "../../parts/toast.tsx";

interface ChosenFile {
  name: string;
  text: string;
}

const MAX_BYTES = 4_000_000;
const MIN_REASON = 3;

/** A file that somebody chose, what the API says of it, and the way to propose what it holds. */
export function createImport(options: { onProposed: (importId: string) => void }) {
  const { client } = useSession();
  const propose = createProposal();
  const [file, setFile] = createSignal<ChosenFile>();
  const [reason, setReason] = createSignal("");
  const [preview, setPreview] = createSignal<ImportPreview>();
  const [failure, setFailure] = createSignal("");
  const [issues, setIssues] = createSignal<readonly { path: string; message: string }[]>([]);
  const [isBusy, setBusy] = createSignal(false);
  const forget = (): void => {
    setPreview(undefined);
    setFailure("");
    setIssues([]);
  };
  const findFault = (): string | undefined => {
    if (file() === undefined) return "Choose a file first.";
    return reason().trim().length < MIN_REASON ? "Say where these are known from, for who approves them." : undefined;
  };
  const run = async (work: (asked: { text: string; reason: string }) => Promise<void>): Promise<void> => {
    const fault = findFault();
    if (fault !== undefined) return void setFailure(fault);
    if (isBusy()) return;
    setBusy(true);
    setFailure("");
    try {
      await work({ text: file()?.text ?? "", reason: reason().trim() });
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setIssues(error instanceof ApiError ? (error.problem?.errors ?? []) : []);
      setPreview(undefined);
    } finally {
      setBusy(false);
    }
  };
  return {
    file,
    reason,
    preview,
    failure,
    issues,
    isBusy,
    setReason,
    choose: async (chosen: File): Promise<void> => {
      forget();
      setFile(undefined);
      if (chosen.size > MAX_BYTES) return void setFailure("The file may have up to 4 MB: import it in parts.");
      setFile({ name: chosen.name, text: await chosen.text() });
    },
    check: () =>
      run(async ({ text, reason: why }) => {
        forget();
        setPreview(await client.send("POST /crosswalks/import/preview", { text, query: { reason: why } }));
      }),
    propose: () => run((asked) => propose(asked).then(options.onProposed)),
  };
}

/** Proposes all rows that can be, and says how many; gives the id of the import. */
function createProposal() {
  const { client } = useSession();
  const queries = useQueryClient();
  const say = useToast();
  return async ({ text, reason }: { text: string; reason: string }): Promise<string> => {
    const query = { reason, refused: "leave_out" as const };
    const { proposed, importId } = await client.send("POST /crosswalks/import", { text, query });
    await Promise.all(["/crosswalks", "/mapping-waits"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
    say(`${formatNoun(proposed, "translation")} proposed. They translate nothing until another person approves them.`);
    return importId;
  };
}
