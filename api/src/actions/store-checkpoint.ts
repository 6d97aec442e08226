import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@throughline/schemas/error";
import { formatDecimal } from "@throughline/schemas/exact/rational";
import { z } from "zod";
import type { CheckpointHeader, LockRow } from "../queries/checkpoint-row.ts";
import type { CheckpointRow } from "../reconciliations/checkpoints/checkpoint-rows.ts";
import { createAppendRows } from "./append-rows.ts";

const CHUNK = 5000;

/** Writes checkpoints and their locks: each row once, however often a request or a crash repeats it. */
export interface CheckpointStore {
  /** Does nothing where a checkpoint of this name is stored. */
  insert: (header: CheckpointHeader, domain: string, requestId: string) => Promise<void>;
  insertRows: (checkpoint: { id: string; domain: string }, rows: readonly CheckpointRow[]) => Promise<void>;
  /** Throws `conflict` when somebody else has just changed the lock of the period. */
  appendLock: (row: LockRow, domain: string, requestId: string) => Promise<void>;
}

const markRow = z.array(z.object({ mark: z.string() }));

export function createCheckpointStore(writer: ClickHouseClient): CheckpointStore {
  const append = createAppendRows(writer);
  return {
    insert: (header, domain, requestId) =>
      append(
        "reconciliation_checkpoints",
        [{ ...header, request_id: requestId, site: "", domain }],
        `checkpoint:${header.id}`,
      ),
    insertRows: async ({ id, domain }, rows) => {
      for (let start = 0; start < rows.length; start += CHUNK) {
        const chunk = rows.slice(start, start + CHUNK);
        const values = chunk.map((row, index) => toStored(row, { id, domain, ordinal: start + index }));
        await append("reconciliation_checkpoint_rows", values, `checkpoint-rows:${id}:${start}`);
      }
    },
    appendLock: async (row, domain, requestId) => {
      const { reconciliation, company, version } = row;
      const [from, cutoff] = [Date.parse(row.from_at), Date.parse(row.cutoff_at)];
      const mark = `${row.actor} ${row.at} ${row.state} ${requestId}`;
      const token = `lock:${reconciliation}:${company}:${from}:${cutoff}:${version}`;
      await append("reconciliation_locks", [{ ...row, request_id: mark, site: "", domain }], token);
      const result = await writer.query({
        query: `SELECT request_id AS mark FROM reconciliation_locks WHERE reconciliation = {reconciliation: String}
          AND company = {company: String} AND version = {version: UInt32}
          AND cutoff_at = fromUnixTimestamp64Milli({cutoff: Int64}) AND from_at = fromUnixTimestamp64Milli({from: Int64}) LIMIT 1`,
        query_params: { reconciliation, company, version, from, cutoff },
        format: "JSONEachRow",
      });
      const [stored] = markRow.parse(await result.json());
      if (stored?.mark !== mark)
        throw new AppError("conflict", "Somebody else has just changed the lock of this period. Read it again.");
    },
  };
}

function toStored(row: CheckpointRow, { id, domain, ordinal }: { id: string; domain: string; ordinal: number }) {
  const { kind, unit, key, side, item, class: name, cause, days, isBeyond, count, value, gross, body, site } = row;
  return {
    checkpoint: id,
    ordinal,
    kind,
    unit,
    key,
    side,
    item,
    class: name,
    cause,
    days,
    is_beyond: isBeyond ? 1 : 0,
    items: count,
    value: formatDecimal(value),
    gross: formatDecimal(gross),
    body,
    site,
    domain,
  };
}
