import { AppError } from "@throughline/schemas/error";
import type { Statement } from "../contract/reconciliation.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { OpenItemsAt } from "../queries/open-items.ts";
import { sumItemFlows } from "../queries/sum-item-flows.ts";
import { sumOpenItems } from "../queries/sum-open-items.ts";
import { toUnitStatement } from "./build-statement.ts";

const MAX_READINGS = 5;

/**
 * The statement of a reconciliation from `from` up to its cut-off, by unit. What is read while a step stores its results may
 * hold a part of them: then it does not tie, and is read again. Throws `internal` when it never ties.
 */
export async function readUnitStatements(
  reader: StoreReader,
  asker: Asker,
  { from, at, to }: { from: number; at: OpenItemsAt; to: string },
): Promise<Statement["units"]> {
  const { id, materiality } = at.model.rule;
  for (let reading = 1; ; reading++) {
    const [opening, flows, closing] = await Promise.all([
      sumOpenItems(reader, asker, { ...at, cutoff: from }),
      sumItemFlows(reader, asker, { reconciliation: id, from, until: at.cutoff }),
      sumOpenItems(reader, asker, at),
    ]);
    const units = new Set([...opening, ...flows, ...closing].map(({ unit }) => unit));
    const context = { id, accountLimit: materiality.account, to };
    try {
      return [...units].toSorted().map((unit) => toUnitStatement(unit, { opening, flows, closing }, context));
    } catch (error) {
      const doesNotTie = error instanceof AppError && error.code === "internal";
      if (!doesNotTie || reading === MAX_READINGS) throw error;
    }
  }
}
