import { useQueryClient } from "@tanstack/solid-query";
import type { Close, Reproduction } from "@throughline/api/contract";
import { type Accessor, createSignal } from "solid-js";
import type { Client } from "../../data/client.ts";
import { useSession } from "../../data/session.tsx";
import { useToast } from "../../parts/toast.tsx";
import { toDay } from "../reconciliations/period-text.ts";

export interface CheckpointPath {
  id: string;
  checkpoint: string;
}

export type LockVerb = "lock" | "unlock";

/** What can be done about a close, one thing at a time. What it changed is read again. */
export interface CloseActions {
  make: (reconciliation: string, close: Pick<Close, "period" | "company">) => Promise<boolean>;
  /** True when it was done; `failure` tells else why not. */
  changeLock: (verb: LockVerb, path: CheckpointPath, reason: string) => Promise<boolean>;
  reproduce: (path: CheckpointPath) => Promise<void>;
  /** What came of reproducing a checkpoint, as long as its reconciliation is shown. */
  reproductionOf: (checkpoint: string) => Reproduction | undefined;
  isBusy: Accessor<boolean>;
  /** Empty when nothing failed. */
  failure: Accessor<string>;
}

const CHANGED = [
  "/close",
  "/reconciliations",
  "/reconciliations/{id}/checkpoints",
  "/reconciliations/{id}/statement",
  "/reconciliations/{id}/checkpoints/{checkpoint}/adjustments",
  "/reconciliations/{id}/checkpoints/{checkpoint}/accuracy",
];

export function createCloseActions(): CloseActions {
  const { run, isBusy, failure } = createRun();
  const [reproductions, setReproductions] = createSignal<readonly Reproduction[]>([]);
  return {
    isBusy,
    failure,
    make: async (id, { period, company }) => {
      const body = { on: toDay(period), company: company.id };
      const send = (api: Client) => api.send("POST /reconciliations/{id}/checkpoints", { path: { id }, body });
      return (await run("A checkpoint was made.", send)) !== undefined;
    },
    changeLock: async (verb, path, reason) => {
      const send = (api: Client) =>
        api.send(`POST /reconciliations/{id}/checkpoints/{checkpoint}/${verb}`, { path, body: { reason } });
      return (await run(verb === "lock" ? "Locked." : "Unlocked.", send)) !== undefined;
    },
    reproduce: async (path) => {
      const send = (api: Client) => api.send("POST /reconciliations/{id}/checkpoints/{checkpoint}/reproduce", { path });
      const answer = await run("Evaluated again from the events.", send);
      if (answer === undefined) return;
      setReproductions((known) => [answer, ...known.filter(({ checkpoint }) => checkpoint !== answer.checkpoint)]);
    },
    reproductionOf: (checkpoint) => reproductions().find((one) => one.checkpoint === checkpoint),
  };
}

function createRun() {
  const { client } = useSession();
  const queries = useQueryClient();
  const say = useToast();
  const [isBusy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal("");
  const run = async <Answer>(done: string, send: (client: Client) => Promise<Answer>): Promise<Answer | undefined> => {
    if (isBusy()) return undefined;
    setBusy(true);
    setFailure("");
    try {
      const answer = await send(client);
      say(done);
      return answer;
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      return undefined;
    } finally {
      setBusy(false);
      await Promise.all(CHANGED.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    }
  };
  return { run, isBusy, failure };
}
