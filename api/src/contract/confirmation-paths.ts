import type { AccrualPage, AccrualsQuery } from "./accrual.ts";
import type { ConfirmationPage, ConfirmationsQuery, SuggestionList, SuggestionsQuery } from "./confirmation.ts";

type Reconciliation = { id: string };

/** What the reading paths of what people take from a reconciliation answer: accruals, suggestions and confirmations. */
export interface ConfirmationReading {
  "/reconciliations/{id}/accruals": { path: Reconciliation; query: Partial<AccrualsQuery>; answer: AccrualPage };
  "/reconciliations/{id}/suggestions": {
    path: Reconciliation;
    query: Partial<SuggestionsQuery>;
    answer: SuggestionList;
  };
  "/reconciliations/{id}/confirmations": {
    path: Reconciliation;
    query: Partial<ConfirmationsQuery>;
    answer: ConfirmationPage;
  };
}
