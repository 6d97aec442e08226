import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { ExcuseRow } from "../queries/excuse-row.ts";
import { storeVersion, toUnavailable } from "./store-version.ts";

/** Most windows that may be kept. */
const MAX_WINDOWS = 10_000;

const countRow = z.array(z.object({ windows: z.coerce.number() }));

/** Appends a version of a window. Throws `conflict` where another one was written first, or there are too many. */
export type StoreExcuse = (row: ExcuseRow, requestId: string) => Promise<void>;

export function createStoreExcuse(writer: ClickHouseClient): StoreExcuse {
  return async (row, requestId) => {
    if (row.version === 1) await assertRoom(writer);
    const { id, version } = row;
    await storeVersion(writer, { table: "excuse_windows", key: { id }, version, row, requestId });
  };
}

async function assertRoom(writer: ClickHouseClient) {
  const windows = await countWindows(writer).catch((cause: unknown) => {
    throw toUnavailable(cause);
  });
  if (windows >= MAX_WINDOWS)
    throw new AppError("conflict", `There are ${MAX_WINDOWS} windows already, which is the most.`);
}

async function countWindows(writer: ClickHouseClient): Promise<number> {
  const result = await writer.query({
    query: "SELECT uniqExact(id) AS windows FROM excuse_windows",
    format: "JSONEachRow",
  });
  const [count] = countRow.parse(await result.json());
  return count?.windows ?? 0;
}
