import { z } from "zod";
import {
  type ControlTotal,
  type HashParts,
  type Hop,
  PART_BITS,
} from "../projections/reconciliations/control-totals.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type HopWindow, toHopKeys } from "./hop-statements.ts";
import { storedDecimal } from "./sum-open-items.ts";

const MAX_UNITS = 500;
const MAX_KEYS = 100_000;
const TIMEOUT_SECONDS = 30;

/** Of a key; the first bits of it are the part that it belongs to. */
const HASH = "toUInt32(bitAnd(cityHash64(key), 4294967295))";
const TOTAL = `count() AS keys, sum(entries) AS statements, toString(sum(total)) AS amount,
  lower(hex(sum(sipHash64(key, toString(total))))) AS digest`;

const totalRow = z.object({
  keys: z.coerce.number(),
  statements: z.coerce.number(),
  amount: storedDecimal,
  digest: z.string(),
});

/** What a hop stated in a window, each unit by itself. The digest is the sum of the keys' hashes, the same in any order. */
export async function sumHop(reader: StoreReader, asker: Asker, window: HopWindow): Promise<Map<string, ControlTotal>> {
  const { sql, values } = toHopKeys(window);
  const rows = await reader.ask(asker, {
    caller: "sum-hop",
    sql: `SELECT unit, ${TOTAL} FROM (${sql}) GROUP BY unit ORDER BY unit LIMIT ${MAX_UNITS}`,
    values,
    row: totalRow.extend({ unit: z.string() }),
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  return new Map(rows.map(({ unit, ...row }) => [unit, toTotal(row)]));
}

/** A hop of one unit over a window, to be asked by parts of its keys. */
export function createHop(reader: StoreReader, asker: Asker, { unit, ...window }: HopWindow & { unit: string }): Hop {
  const { sql, values } = toHopKeys(window);
  const inParts = ({ bits }: HashParts) =>
    bits === 0 ? "1" : `bitShiftRight(hash, ${32 - bits}) IN {parts: Array(UInt32)}`;
  const keys = `SELECT key, entries, total, ${HASH} AS hash FROM (${sql}) WHERE unit = {unit: String}`;
  return {
    divide: async (parts) => {
      const rows = await reader.ask(asker, {
        caller: "divide-hop",
        sql: `SELECT bitShiftRight(hash, ${32 - parts.bits - PART_BITS}) AS part, ${TOTAL}
          FROM (${keys}) WHERE ${inParts(parts)} GROUP BY part ORDER BY part LIMIT ${MAX_KEYS}`,
        values: { ...values, unit, parts: parts.values },
        row: totalRow.extend({ part: z.coerce.number() }),
        timeoutSeconds: TIMEOUT_SECONDS,
      });
      return new Map(rows.map(({ part, ...row }) => [part, toTotal(row)]));
    },
    list: async (parts) => {
      const rows = await reader.ask(asker, {
        caller: "list-hop-keys",
        sql: `SELECT key, toString(total) AS amount FROM (${keys}) WHERE ${inParts(parts)} ORDER BY key LIMIT ${MAX_KEYS}`,
        values: { ...values, unit, parts: parts.values },
        row: z.object({ key: z.string(), amount: storedDecimal }),
        timeoutSeconds: TIMEOUT_SECONDS,
      });
      return new Map(rows.map(({ key, amount }) => [key, amount]));
    },
  };
}

function toTotal({ keys, statements, amount, digest }: z.infer<typeof totalRow>): ControlTotal {
  return { keys, count: statements, sum: amount, digest };
}
