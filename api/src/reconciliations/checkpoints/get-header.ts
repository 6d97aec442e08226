import { AppError } from "@throughline/schemas/error";
import type { Context } from "hono";
import { type ApiDeps, toAsker } from "../../http/deps.ts";
import type { ApiEnv } from "../../http/env.ts";
import type { CheckpointHeader } from "../../queries/checkpoint-row.ts";
import { findCheckpoint } from "../../queries/list-checkpoints.ts";

export interface CheckpointPath {
  id: string;
  checkpoint: string;
}

/** The checkpoint that a path names. Throws `not_found` where the caller's domains have none. */
export async function getHeader(
  { reader }: Pick<ApiDeps, "reader">,
  c: Context<ApiEnv>,
  { id: reconciliation, checkpoint: id }: CheckpointPath,
): Promise<CheckpointHeader> {
  const header = await findCheckpoint(reader, toAsker(c), { reconciliation, id });
  if (header) return header;
  throw new AppError("not_found", `There is no checkpoint ${id} of ${reconciliation}.`);
}
