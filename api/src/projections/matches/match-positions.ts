import {
  type Rational,
  ZERO,
  absolute,
  compare,
  formatDecimal,
  parseRational,
} from "@throughline/schemas/exact/rational";
import { z } from "zod";
import type { CurrentMatch } from "./match-row.ts";

const DOMAIN = "erp";
/** What the store adds up has fewer digits than this before the point; more is not put in figures. */
const TOO_LARGE: Rational = { numerator: 10n ** 50n, denominator: 1n };
const UNMEASURED: ReadonlySet<string> = new Set(["UOM_UNKNOWN", "CURRENCY"]);

const detailShape = z.object({
  unit: z.string().default(""),
  open: z.string().default("0"),
  uncleared: z.string().default("0"),
  commitment: z.string().optional(),
  short: z.string().default("0"),
  isUnknown: z.boolean().default(false),
});

/** Rows for `match_positions`: an order line that begins to bind or owe something is added, what no longer stands is taken away. */
export function toPositionRows(
  pairs: readonly { before: CurrentMatch | undefined; after: CurrentMatch | undefined }[],
): object[] {
  return pairs.flatMap(({ before, after }) => [
    ...(before ? toPositionRow(before, -1) : []),
    ...(after ? toPositionRow(after, 1) : []),
  ]);
}

/** Depends on nothing but the stored result, so that what is taken away is what was added. */
function toPositionRow(row: CurrentMatch, results: 1 | -1): object[] {
  if (row.kind !== "order") return [];
  const { unit, isUnknown, ...stored } = detailShape.parse(row.detail);
  const { open, uncleared, short } = stored;
  const isUnpriced = stored.commitment === undefined && open !== "0";
  const values = { open, commitment: stored.commitment ?? "0", uncleared, uncleared_worth: row.amount || "0", short };
  const exact = Object.values(values).map((text) => parseRational(text) ?? ZERO);
  const isTooLarge = exact.some((value) => compare(absolute(value), TOO_LARGE) >= 0);
  const isUnmeasured = row.causes.some(({ code }) => UNMEASURED.has(code));
  const isNotKnown = isUnknown || isUnpriced || isTooLarge || isUnmeasured;
  if (!isNotKnown && exact.every(({ numerator }) => numerator === 0n)) return [];
  return [
    {
      order_line: row.subjectId,
      batch: row.batch,
      supplier: row.supplier,
      company: row.company,
      item: row.item,
      ordered_on: new Date(row.enteredAt).toISOString().slice(0, 10),
      due_on: row.dueOn,
      unit,
      currency: row.currency,
      ...(isNotKnown ? NOTHING : toTexts(values)),
      is_unknown: isNotKnown ? 1 : 0,
      site: row.site,
      domain: DOMAIN,
      results,
    },
  ];
}

const NOTHING = { open: "0", commitment: "0", uncleared: "0", uncleared_worth: "0", short: "0" };

function toTexts(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, formatDecimal(parseRational(text) ?? ZERO)]),
  );
}
