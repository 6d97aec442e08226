import type { ClickHouseClient } from "@clickhouse/client";
import type { MatchActRow } from "../queries/list-match-acts.ts";
import { storeVersion } from "./store-version.ts";

/** Appends what somebody did about a match. Throws `conflict` where somebody else did something first. */
export type StoreMatchAct = (row: MatchActRow, requestId: string) => Promise<void>;

export function createStoreMatchAct(writer: ClickHouseClient): StoreMatchAct {
  return (row, requestId) => {
    const { subject_type, subject_id, document, kind, order_line, line, version } = row;
    const key = { subject_type, subject_id, document, kind, order_line, line };
    return storeVersion(writer, { table: "match_work", key, version, row, requestId });
  };
}
