import { toSlotKey } from "../matches/match-id.ts";
import { type AcceptedDocuments, listAcceptedDocuments } from "../queries/list-accepted-documents.ts";
import { parseCauses } from "../queries/match-row.ts";
import { type SlotResult, type SlotStory, withAcceptances } from "./fold-acceptances.ts";
import { toDocument } from "./fold-effort.ts";
import type { Evaluation } from "./fold-exceptions.ts";
import { MAX_CASES, type OutcomeContext } from "./outcome-figure.ts";

/** The entry of an invoice. */
interface Entry {
  type: string;
  id: string;
  document: string;
}

/** Adds to the evaluations of an invoice when it was accepted and when no longer. */
export type AddAcceptances = (entry: Entry, evaluations: readonly Evaluation[]) => readonly Evaluation[];

/** What was ever accepted of invoices; undefined where that is too much to be read at once. */
export async function readAcceptances({ reader, asker, asOf }: OutcomeContext): Promise<AddAcceptances | undefined> {
  const found = await listAcceptedDocuments(reader, asker, { asOf, limit: MAX_CASES + 1 });
  if (found.results.length > MAX_CASES || found.acts.length > MAX_CASES) return undefined;
  const stories = toStories(found);
  return (entry, evaluations) => {
    const slots = stories.get(toDocument(entry));
    return slots === undefined ? evaluations : withAcceptances(evaluations, slots);
  };
}

function toStories({ results, acts }: AcceptedDocuments): ReadonlyMap<string, SlotStory[]> {
  const actsOf = Map.groupBy(acts, toSlotKey);
  const documents = Map.groupBy(results, ({ subject_type: type, subject_id: id, document }) =>
    toDocument({ type, id, document }),
  );
  return new Map(
    [...documents].map(([key, own]) => [
      key,
      [...Map.groupBy(own, toSlotKey)].map(([slot, versions]) => ({
        results: versions.map(toResult),
        acts: (actsOf.get(slot) ?? []).map(({ done: at, ...act }) => ({ ...act, at })),
      })),
    ]),
  );
}

function toResult(row: AcceptedDocuments["results"][number]): SlotResult {
  const { kind, batch, outcome, evaluated: at } = row;
  const evaluatedAt = new Date(at).toISOString();
  return { kind, batch, outcome, at, evaluatedAt, causes: parseCauses(row.causes), isRemoved: row.is_removed === 1 };
}
