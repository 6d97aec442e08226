import { createHash } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@throughline/schemas/error";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import { reconciliationsFile } from "@throughline/schemas/pack/reconciliation";
import { toleranceProfile, toleranceRule } from "@throughline/schemas/pack/tolerance";
import { formatEquation, parseEquation } from "@throughline/schemas/pack/unit-equation";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import { readRows } from "../engine/read-rows.ts";
import type { Rules } from "./family.ts";

const rulesBody = z.object({
  tolerances: z.object({
    profiles: toleranceProfile.array(),
    rules: toleranceRule.array(),
    version: z.string(),
  }),
  units: z.string().array(),
  reconciliations: reconciliationsFile.extend({ versions: z.record(z.string(), z.string()) }).optional(),
});

/** Rules as they are stored, and the digest by which they are known. */
export interface StoredRules {
  version: string;
  body: string;
}

export function toStoredRules({ tolerances, units, reconciliations }: Rules): StoredRules {
  const body = canonicalize({
    tolerances,
    units: units.map(formatEquation),
    ...(reconciliations && {
      reconciliations: { ...reconciliations, versions: Object.fromEntries(reconciliations.versions) },
    }),
  });
  return { version: createHash("sha256").update(body).digest("hex"), body };
}

/** Keeps rules before the first step that begins under them. */
export async function recordRules(client: ClickHouseClient, { version, body }: StoredRules, now: number) {
  const known = await listBodies(client, version);
  if (known.length > 0) return;
  await client.insert({
    table: "reconciler_rules",
    values: [{ version, body, recorded_at: toTimestamp(now) }],
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: `reconciler-rules:${version}` },
  });
}

/** The rules that a step began under. Throws `store_mismatch` when they are not there, or of another release. */
export async function getRules(client: ClickHouseClient, version: string): Promise<Rules> {
  const [body] = await listBodies(client, version);
  const parsed = rulesBody.safeParse(JSON.parse(body ?? "null"));
  if (!parsed.success) {
    const message = `The rules ${version.slice(0, 12)} of matching and reconciliation were stored by a release that this one does not know.`;
    throw new AppError("store_mismatch", message, { cause: parsed.error });
  }
  const { tolerances, units, reconciliations } = parsed.data;
  return {
    tolerances,
    units: units.flatMap((text) => parseEquation(text) ?? []),
    ...(reconciliations && {
      reconciliations: { ...reconciliations, versions: new Map(Object.entries(reconciliations.versions)) },
    }),
  };
}

async function listBodies(client: ClickHouseClient, version: string): Promise<string[]> {
  const rows = await readRows(client, z.tuple([z.string()]), {
    caller: "reconciler.rules",
    sql: "SELECT body FROM reconciler_rules WHERE version = {version: String} LIMIT 1",
    values: { version },
  });
  return rows.map(([body]) => body);
}
