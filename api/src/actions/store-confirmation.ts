import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { ConfirmationRow } from "../queries/list-confirmations.ts";
import { createAppendRows } from "./append-rows.ts";

const markRow = z.array(z.object({ mark: z.string() }));

/** Appends a version of a confirmation. Throws `conflict` for the second of two that are written at the same time. */
export type StoreConfirmation = (row: ConfirmationRow, requestId: string) => Promise<void>;

export function createStoreConfirmation(writer: ClickHouseClient): StoreConfirmation {
  const append = createAppendRows(writer);
  return async (row, requestId) => {
    const { id, version, reconciliation } = row;
    const mark = `${row.actor} ${row.at} ${row.state} ${requestId}`;
    await append("reconciliation_confirmations", [{ ...row, request_id: mark }], `confirmation:${id}:${version}`);
    const result = await writer.query({
      query: `SELECT request_id AS mark FROM reconciliation_confirmations
        WHERE reconciliation = {reconciliation: String} AND id = {id: String} AND version = {version: UInt32} LIMIT 1`,
      query_params: { reconciliation, id, version },
      format: "JSONEachRow",
    });
    const [stored] = markRow.parse(await result.json());
    if (stored?.mark !== mark)
      throw new AppError("conflict", "Somebody else has just changed it. Read it again and decide then.");
  };
}
