import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiEnv } from "../http/env.ts";
import type { Principal } from "@throughline/schemas/access";
import type { AppendRows } from "../actions/append-rows.ts";
import type { Audit } from "../actions/record-audit.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { TranslationRow } from "../queries/translation-row.ts";

/** What changing translations works with, and on whose behalf. */
export interface CrosswalkContext {
  reader: StoreReader;
  asker: Asker;
  append: AppendRows;
  audit: Audit;
  actor: Pick<Principal, "id" | "name" | "scope">;
  requestId: string;
  now: number;
}

export function toCrosswalkContext(c: Context<ApiEnv>, { reader, append, audit, now }: ApiDeps): CrosswalkContext {
  const actor = c.get("principal");
  return { reader, asker: toAsker(c), append, audit, actor, requestId: c.get("requestId"), now: now() };
}

const DETAIL_IDS = 1000;

/** Records who does what, then does it: every revision in one insert. */
export async function recordTranslations(
  context: CrosswalkContext,
  { verb, rows, note }: { verb: string; rows: readonly TranslationRow[]; note: string },
): Promise<void> {
  const { actor, requestId } = context;
  const [first] = rows;
  if (first === undefined) return;
  const detail = {
    translations: rows.length,
    note,
    reason: first.reason,
    named: rows.slice(0, DETAIL_IDS).map(({ id, revision, state }) => ({ id, revision, state })),
  };
  const target = first.import_id === "" ? first.id : first.import_id;
  await context.audit({ actor: actor.id, action: `crosswalk.${verb}`, target, detail, requestId });
  const stamped = rows.map((row) => ({ ...row, request_id: requestId }));
  await context.append("crosswalk_entries", stamped, `crosswalk_entries:${randomUUID()}`);
}

/** Lets changes have their turn one after the other, so that two cannot both find a place free. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
