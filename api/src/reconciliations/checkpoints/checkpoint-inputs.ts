import { createHash } from "node:crypto";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import { reconciliation, reconciliationBooks } from "@throughline/schemas/pack/reconciliation";
import { z } from "zod";
import type { OpenItemsAt } from "../../queries/open-items.ts";
import { type ReconciliationModel, toReconciliationModels } from "../../projections/reconciliations/model.ts";

const feed = z.object({ watermark: z.number(), isSilent: z.boolean() });

/** All that decides about a checkpoint besides the events, as it is stored with it. Times in milliseconds since 1970 UTC. */
export const checkpointInputs = z.object({
  rule: reconciliation,
  ruleVersion: z.string(),
  books: reconciliationBooks,
  company: z.object({ id: z.string(), sites: z.array(z.string()).optional(), zone: z.string() }),
  from: z.number(),
  cutoff: z.number(),
  now: z.number(),
  feeds: z.object({ a: feed, b: feed }),
  /** Per log, the first position that does not belong to it any more. */
  cursors: z.record(z.string(), z.number()),
});
export type CheckpointInputs = z.infer<typeof checkpointInputs>;

/** The rules of a checkpoint as they were when it was made. */
export function toModel({ rule, ruleVersion, books }: CheckpointInputs): ReconciliationModel {
  const [model] = toReconciliationModels({
    books,
    reconciliations: [rule],
    versions: new Map([[rule.id, ruleVersion]]),
  });
  if (model === undefined) throw new RangeError("a checkpoint has one rule");
  return model;
}

/** The open items at the cut-off of a checkpoint by what is known now, under its rules and feeds. */
export function toItemsAt(inputs: CheckpointInputs): OpenItemsAt {
  const { company, cutoff, now, feeds } = inputs;
  return { model: toModel(inputs), zone: company.zone, sites: company.sites, cutoff, now, feeds };
}

/** SHA-256 over the inputs and over the sum of the facts' digests, so that no order of reading matters. */
export function toInputDigest(inputs: CheckpointInputs, facts: { count: number; sum: bigint }): string {
  const body = canonicalize({ inputs, facts: { count: facts.count, sum: facts.sum.toString(16) } });
  return createHash("sha256").update(body).digest("hex");
}

const MODULUS = 2n ** 256n;

/** Adds one fact to a sum of digests: a multiset keeps it whatever the order. */
export function addDigest(sum: bigint, text: string): bigint {
  return (sum + BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)) % MODULUS;
}
