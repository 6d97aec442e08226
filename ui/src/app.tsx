import { Route, Router } from "@solidjs/router";
import { QueryClientProvider } from "@tanstack/solid-query";
import { type JSX, Match, Switch, createMemo, lazy, onMount } from "solid-js";
import { ClockProvider } from "./data/clock.tsx";
import { LiveProvider } from "./data/live.tsx";
import { PreferencesProvider } from "./data/preferences.tsx";
import { createQueryCache } from "./data/read.ts";
import { ScopeProvider } from "./data/scope.tsx";
import { SessionProvider, useSession } from "./data/session.tsx";
import { Frame } from "./frame/frame.tsx";
import { KeyboardProvider } from "./frame/keyboard.tsx";
import { NotFoundPage } from "./pages/failure/not-found-page.tsx";
import { UnreachablePage } from "./pages/failure/unreachable-page.tsx";
import { ToStatement } from "./pages/reconciliations/to-statement.tsx";
import { SignInPage } from "./pages/sign-in/sign-in-page.tsx";
import { ToastProvider } from "./parts/toast.tsx";

const OverviewPage = lazy(async () => ({ default: (await import("./pages/overview/overview-page.tsx")).OverviewPage }));
const BreachesPage = lazy(async () => ({ default: (await import("./pages/legs/breaches-page.tsx")).BreachesPage }));
const LegsPage = lazy(async () => ({ default: (await import("./pages/legs/legs-page.tsx")).LegsPage }));
const FlowsPage = lazy(async () => ({ default: (await import("./pages/flows/flows-page.tsx")).FlowsPage }));
const FlowPage = lazy(async () => ({ default: (await import("./pages/flows/flow-page.tsx")).FlowPage }));
const MatchesPage = lazy(async () => ({ default: (await import("./pages/matches/matches-page.tsx")).MatchesPage }));
const OwnSeatPage = lazy(async () => ({ default: (await import("./pages/seats/own-seat-page.tsx")).OwnSeatPage }));
const PharmacySeatPage = lazy(async () => ({
  default: (await import("./pages/seats/pharmacy-page.tsx")).PharmacySeatPage,
}));
const ProcurementSeatPage = lazy(async () => ({
  default: (await import("./pages/seats/procurement-page.tsx")).ProcurementSeatPage,
}));
const FinanceSeatPage = lazy(async () => ({
  default: (await import("./pages/seats/finance-page.tsx")).FinanceSeatPage,
}));
const PositionsPage = lazy(async () => ({ default: (await import("./pages/seats/positions-page.tsx")).PositionsPage }));
const SlosPage = lazy(async () => ({ default: (await import("./pages/slos/slos-page.tsx")).SlosPage }));
const JourneysPage = lazy(async () => ({ default: (await import("./pages/journeys/journeys-page.tsx")).JourneysPage }));
const JourneyPage = lazy(async () => ({ default: (await import("./pages/journey/journey-page.tsx")).JourneyPage }));
const TracePage = lazy(async () => ({ default: (await import("./pages/journey/trace-page.tsx")).TracePage }));
const ReconciliationsPage = lazy(async () => ({
  default: (await import("./pages/reconciliations/reconciliations-page.tsx")).ReconciliationsPage,
}));
const StatementPage = lazy(async () => ({
  default: (await import("./pages/reconciliations/statement-page.tsx")).StatementPage,
}));
const OpenItemsPage = lazy(async () => ({
  default: (await import("./pages/reconciliations/open-items-page.tsx")).OpenItemsPage,
}));
const ItemMovesPage = lazy(async () => ({
  default: (await import("./pages/reconciliations/item-moves-page.tsx")).ItemMovesPage,
}));
const ControlTotalsPage = lazy(async () => ({
  default: (await import("./pages/reconciliations/control-totals-page.tsx")).ControlTotalsPage,
}));
const KeptRowsPage = lazy(async () => ({
  default: (await import("./pages/reconciliations/kept-rows-page.tsx")).KeptRowsPage,
}));
const AdjustmentsPage = lazy(async () => ({
  default: (await import("./pages/reconciliations/adjustments-page.tsx")).AdjustmentsPage,
}));
const AccrualsPage = lazy(async () => ({
  default: (await import("./pages/accruals/accruals-page.tsx")).AccrualsPage,
}));
const SuggestionsPage = lazy(async () => ({
  default: (await import("./pages/suggestions/suggestions-page.tsx")).SuggestionsPage,
}));
const ClosePage = lazy(async () => ({ default: (await import("./pages/close/close-page.tsx")).ClosePage }));
const OutcomesPage = lazy(async () => ({ default: (await import("./pages/outcomes/outcomes-page.tsx")).OutcomesPage }));
const OutcomeCasesPage = lazy(async () => ({
  default: (await import("./pages/outcomes/outcome-cases-page.tsx")).OutcomeCasesPage,
}));
const CoveragePage = lazy(async () => ({ default: (await import("./pages/coverage/coverage-page.tsx")).CoveragePage }));
const CataloguePage = lazy(async () => ({
  default: (await import("./pages/catalogue/catalogue-page.tsx")).CataloguePage,
}));
const WaitsPage = lazy(async () => ({ default: (await import("./pages/crosswalks/waits-page.tsx")).WaitsPage }));
const TranslationsPage = lazy(async () => ({
  default: (await import("./pages/crosswalks/translations-page.tsx")).TranslationsPage,
}));
const ImportPage = lazy(async () => ({ default: (await import("./pages/crosswalks/import-page.tsx")).ImportPage }));
const EdgesPage = lazy(async () => ({ default: (await import("./pages/edges/edges-page.tsx")).EdgesPage }));
const OrdersPage = lazy(async () => ({ default: (await import("./pages/edges/orders-page.tsx")).OrdersPage }));
const ExcusesPage = lazy(async () => ({ default: (await import("./pages/excuses/excuses-page.tsx")).ExcusesPage }));
const CalendarsPage = lazy(async () => ({
  default: (await import("./pages/calendars/calendars-page.tsx")).CalendarsPage,
}));
const QuarantinePage = lazy(async () => ({
  default: (await import("./pages/quarantine/quarantine-page.tsx")).QuarantinePage,
}));
const SettingsPage = lazy(async () => ({ default: (await import("./pages/settings/settings-page.tsx")).SettingsPage }));

/** The control tower. */
export function App(): JSX.Element {
  if (location.pathname === "/") void OverviewPage.preload();
  return (
    <PreferencesProvider>
      <ClockProvider>
        <KeyboardProvider>
          <ToastProvider>
            <SessionProvider>
              <Gate />
            </SessionProvider>
          </ToastProvider>
        </KeyboardProvider>
      </ClockProvider>
    </PreferencesProvider>
  );
}

/** Lets in who is signed in, and says what to do to the rest. */
function Gate(): JSX.Element {
  const session = useSession();
  const canEnter = createMemo(() => {
    const state = session.state();
    return state.kind === "signed-in" || (state.kind === "checking" && state.isExpected);
  });
  const failure = () => {
    const state = session.state();
    return state.kind === "failed" ? state.error : undefined;
  };
  onMount(
    () => void (new URLSearchParams(location.hash.slice(1)).has("code") ? session.expectSignIn() : session.check()),
  );
  return (
    <Switch>
      <Match when={canEnter()}>
        <Tower />
      </Match>
      <Match when={session.state().kind === "signed-out"}>
        <SignInPage />
      </Match>
      <Match when={failure()}>
        {(error) => <UnreachablePage error={error()} onRetry={() => void session.check()} />}
      </Match>
    </Switch>
  );
}

function Tower(): JSX.Element {
  const cache = createQueryCache();
  return (
    <QueryClientProvider client={cache}>
      <LiveProvider>
        <Router root={Root}>
          <Route path="/" component={OverviewPage} />
          <Route path="/breaches" component={BreachesPage} />
          <Route path="/legs" component={LegsPage} />
          <Route path="/flows" component={FlowsPage} />
          <Route path="/slos" component={SlosPage} />
          <Route path="/flows/:flow" component={FlowPage} />
          <Route path="/journeys" component={JourneysPage} />
          <Route path="/journeys/:type/:id" component={JourneyPage} />
          <Route path="/traces/:id" component={TracePage} />
          <Route path="/reconciliations" component={ReconciliationsPage} />
          <Route path="/reconciliations/:id" component={ToStatement} />
          <Route path="/reconciliations/:id/statement" component={StatementPage} />
          <Route path="/reconciliations/:id/items" component={OpenItemsPage} />
          <Route path="/reconciliations/:id/moves" component={ItemMovesPage} />
          <Route path="/reconciliations/:id/control-totals" component={ControlTotalsPage} />
          <Route path="/reconciliations/:id/checkpoints/:checkpoint/rows" component={KeptRowsPage} />
          <Route path="/reconciliations/:id/checkpoints/:checkpoint/adjustments" component={AdjustmentsPage} />
          <Route path="/reconciliations/:id/accruals" component={AccrualsPage} />
          <Route path="/reconciliations/:id/suggestions" component={SuggestionsPage} />
          <Route path="/close" component={ClosePage} />
          <Route path="/outcomes" component={OutcomesPage} />
          <Route path="/outcomes/:id/cases" component={OutcomeCasesPage} />
          <Route path="/matches" component={MatchesPage} />
          <Route path="/seats" component={OwnSeatPage} />
          <Route path="/seats/pharmacy" component={PharmacySeatPage} />
          <Route path="/seats/pharmacy/shortages" component={PharmacySeatPage} />
          <Route path="/seats/procurement" component={ProcurementSeatPage} />
          <Route path="/seats/finance" component={FinanceSeatPage} />
          <Route path="/positions" component={PositionsPage} />
          <Route path="/coverage" component={CoveragePage} />
          <Route path="/catalogue" component={CataloguePage} />
          <Route path="/crosswalks" component={WaitsPage} />
          <Route path="/crosswalks/translations" component={TranslationsPage} />
          <Route path="/crosswalks/import" component={ImportPage} />
          <Route path="/edges" component={EdgesPage} />
          <Route path="/edges/orders" component={OrdersPage} />
          <Route path="/excuses" component={ExcusesPage} />
          <Route path="/calendars" component={CalendarsPage} />
          <Route path="/quarantine" component={QuarantinePage} />
          <Route path="/settings" component={SettingsPage} />
          <Route path="*" component={NotFoundPage} />
        </Router>
      </LiveProvider>
    </QueryClientProvider>
  );
}

function Root(props: { children?: JSX.Element }): JSX.Element {
  return (
    <ScopeProvider>
      <Frame>{props.children}</Frame>
    </ScopeProvider>
  );
}
