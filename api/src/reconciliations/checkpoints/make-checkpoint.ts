import { createHash, randomUUID } from "node:crypto";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import type { Reconciliations } from "@throughline/schemas/pack/reconciliation";
import { RECONCILER } from "../../projections/reconciler/plan.ts";
import type { CheckpointHeader } from "../../queries/checkpoint-row.ts";
import { findArrivalWatermark, findLastArrival } from "../../queries/find-arrival-watermark.ts";
import { findCheckpoint } from "../../queries/list-checkpoints.ts";
import { toInstant } from "../../queries/time-range.ts";
import { toUnitStatements } from "../build-statement.ts";
import type { Found } from "../item-finder.ts";
import { type CheckpointContext, assertCovers } from "./checkpoint-context.ts";
import type { CheckpointInputs } from "./checkpoint-inputs.ts";
import { evaluateCheckpoint } from "./evaluate-checkpoint.ts";
import { sumRows, toStatementSums } from "./sum-rows.ts";

/**
 * Makes a checkpoint of a period from the events, up to what is evaluated now. A repeated key gives the checkpoint that the
 * first request made. Throws `forbidden` for who may not see all of it.
 */
export async function makeCheckpoint(
  context: CheckpointContext,
  { found, books, key }: { found: Found; books: Reconciliations["books"]; key: string | undefined },
): Promise<CheckpointHeader> {
  const { reader, asker, actor, now } = context;
  const { range, at, company } = found;
  const { rule, version } = at.model;
  assertCovers(actor, company, rule.domain);
  const id = key === undefined ? randomUUID() : toName([actor.id, rule.id, key]);
  const known = await findCheckpoint(reader, asker, { reconciliation: rule.id, id });
  if (known) return known;
  const cursors = await findArrivalWatermark(reader, asker, RECONCILER);
  const inputs: CheckpointInputs = {
    rule,
    ruleVersion: version,
    books,
    company: { id: company.id, zone: company.zone, ...(company.sites && { sites: [...company.sites] }) },
    from: range.from,
    cutoff: range.to,
    now,
    feeds: at.feeds,
    cursors,
  };
  const evaluated = await evaluateCheckpoint({ reader, asker }, inputs);
  const place = { id: rule.id, accountLimit: rule.materiality.account, to: toInstant(range.to) };
  const header: CheckpointHeader = {
    reconciliation: rule.id,
    company: company.id,
    cutoff_at: toInstant(range.to),
    id,
    from_at: toInstant(range.from),
    // A period that still runs is none yet.
    period: range.to === range.until ? (range.id ?? "") : "",
    arrived_at: await findLastArrival(reader, asker, cursors),
    cursors: canonicalize(cursors),
    inputs: canonicalize(inputs),
    input_digest: evaluated.inputDigest,
    facts: evaluated.facts,
    rule_version: version,
    result: JSON.stringify(toUnitStatements(toStatementSums(sumRows(evaluated.rows)), place)),
    result_digest: evaluated.resultDigest,
    row_count: evaluated.rows.length,
    at: toInstant(now),
    actor: actor.id,
    actor_name: actor.name,
  };
  const detail = { checkpoint: id, company: company.id, from: header.from_at, to: header.cutoff_at };
  await context.audit({
    actor: actor.id,
    action: "checkpoint.make",
    target: rule.id,
    detail: { ...detail, resultDigest: header.result_digest },
    requestId: context.requestId,
  });
  await context.store.insert(header, rule.domain, context.requestId);
  // Of two that were made under one key at the same time one is stored.
  return (await findCheckpoint(reader, asker, { reconciliation: rule.id, id })) ?? header;
}

function toName(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
