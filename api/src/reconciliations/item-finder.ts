import { AppError } from "@throughline/schemas/error";
import type { AskedRange } from "../contract/reconciliation.ts";
import type { ApiDeps } from "../http/deps.ts";
import { createFeedRules } from "../projections/feeds/feed-rule.ts";
import { type ReconciliationModel, toReconciliationModels } from "../projections/reconciliations/model.ts";
import type { Asker } from "../queries/ask.ts";
import { findReconciledStep } from "../queries/find-reconciled-step.ts";
import { listKeptReconciliations } from "../queries/list-kept-reconciliations.ts";
import type { OpenItemsAt } from "../queries/open-items.ts";
import { type Company, getCompany } from "./companies.ts";
import { toMoment } from "../queries/time-range.ts";
import { type SideFeeds, readSideFeeds } from "./side-feeds.ts";
import { type StatementRange, toStatementRange } from "./statement-range.ts";

/** A reconciliation over a range, and what is asked of its open items at the end of it. */
export interface Found {
  company: Company;
  range: StatementRange;
  at: OpenItemsAt;
  /** The sources of each side. */
  sources: SideFeeds["sources"];
  /** Anything was ever held against anything in it. */
  isKept: boolean;
  /** What links to its rows have to ask for as well. */
  asked: { company?: string; asOf?: string };
}

export interface ItemFinder {
  models: readonly ReconciliationModel[];
  /**
   * Finds reconciliations for an asker, with how far their feeds are complete, now or as of a moment. Its answer throws `not_found` for an id or a
   * company that there is none of, and `invalid_request` for a range that cannot be used.
   */
  open: (asker: Asker, asOf?: string) => Promise<(id: string, asked: AskedRange) => Found>;
}

export function createItemFinder({ reader, pack, workingTimes, now }: ApiDeps): ItemFinder {
  const { reconciliations } = pack;
  const models = toReconciliationModels(reconciliations);
  const ruleOf = createFeedRules(pack.sources, workingTimes);
  return {
    models,
    open: async (asker, asOf) => {
      const time = toMoment(asOf, now);
      const known = asOf === undefined ? undefined : await findReconciledStep(reader, asker, time);
      const [feedsOf, kept] = await Promise.all([
        readSideFeeds(reader, asker, { ruleOf, now: time, known }),
        listKeptReconciliations(reader, asker, known?.batch),
      ]);
      return (id, asked) => {
        const model = models.find(({ rule }) => rule.id === id);
        if (model === undefined || reconciliations === undefined)
          throw new AppError("not_found", `There is no reconciliation ${id}.`);
        const company = getCompany(reconciliations.books, asked.company);
        const range = toStatementRange(asked, company, time);
        const { zone, sites } = company;
        const { feeds, sources } = feedsOf(model, sites);
        return {
          company,
          range,
          isKept: kept.has(id),
          asked: { ...(sites && { company: company.id }), ...(asOf !== undefined && { asOf }) },
          sources,
          at: { model, zone, sites, cutoff: range.to, now: time, feeds, ...(known && { known: known.batch }) },
        };
      };
    },
  };
}
