import type {
  ControlDifferences,
  ControlDifferencesQuery,
  ControlTotals,
  ControlTotalsQuery,
} from "./control-totals.ts";

/** What of control totals can be read. */
export interface ControlReading {
  "/reconciliations/{id}/control-totals": { path: { id: string }; query: ControlTotalsQuery; answer: ControlTotals };
  "/reconciliations/{id}/control-totals/differences": {
    path: { id: string };
    query: ControlDifferencesQuery;
    answer: ControlDifferences;
  };
}
