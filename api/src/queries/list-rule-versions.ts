import { flow } from "@throughline/schemas/pack/flow";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";

const MAX_VERSIONS = 500;

const ruleVersionRow = z.object({ since: instant, rule_version: z.string(), body: z.string() });

const ruleBody = z.object({ flow });

/** A flow as it was written from a moment on. */
export interface StoredRules {
  since: string;
  ruleVersion: string;
  flow: z.infer<typeof flow>;
}

/**
 * The named versions of a flow that were in force by a moment, oldest first; one that came back is there again. At most
 * 500, the newest. Versions that another release stored in a form that this one does not know are left out.
 */
export async function listRuleVersions(
  reader: StoreReader,
  asker: Asker,
  { flow: id, versions, asOf }: { flow: string; versions: readonly string[]; asOf: string | undefined },
): Promise<StoredRules[]> {
  if (versions.length === 0) return [];
  const rows = await reader.ask(asker, {
    caller: "list-rule-versions",
    sql: `SELECT since, rule_version, body FROM rule_versions
      WHERE flow = {flow: String} AND rule_version IN {versions: Array(String)}
        AND since <= {asOf: DateTime64(3, 'UTC')}
      ORDER BY since DESC, rule_version LIMIT 1 BY since LIMIT ${MAX_VERSIONS}`,
    values: { flow: id, versions, asOf: toStoreTime(asOf ?? "2199-12-31T00:00:00Z") },
    row: ruleVersionRow,
  });
  return rows.toReversed().flatMap(({ since, rule_version: ruleVersion, body }) => {
    const parsed = ruleBody.safeParse(JSON.parse(body));
    return parsed.success ? [{ since, ruleVersion, flow: parsed.data.flow }] : [];
  });
}
