import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@throughline/schemas/error";

/** Who did what to which thing, when. */
export interface AuditEntry {
  actor: string;
  action: string;
  target: string;
  detail: object;
  requestId: string;
}

export type Audit = (entry: AuditEntry) => Promise<void>;

/** Appends to the audit log. Throws `unavailable` when the store does not take it, so that nothing is done unrecorded. */
export function createAudit(writer: ClickHouseClient, now: () => number): Audit {
  return async ({ actor, action, target, detail, requestId }) => {
    const row = { at: now(), actor, action, target, detail: JSON.stringify(detail), request_id: requestId };
    try {
      await writer.insert({ table: "audit_log", values: [row], format: "JSONEachRow" });
    } catch (cause) {
      throw new AppError("unavailable", "The audit log cannot be written, so nothing was changed.", {
        cause,
        retryAfterSeconds: 5,
      });
    }
  };
}
