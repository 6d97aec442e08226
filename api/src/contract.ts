import type { AccessKey, NewAccessKey } from "@throughline/schemas/access";
import type { DurationsQuery, FlowDurations, LegProfile, ProfileQuery } from "./contract/flow-durations.ts";
import type { CalendarList, CalendarsQuery } from "./contract/calendar.ts";
import type {
  Checkpoint,
  CheckpointPage,
  CheckpointRowsQuery,
  CheckpointsQuery,
  KeptRowPage,
  LateChangePage,
  LateChangesQuery,
  LockChange,
  NewCheckpoint,
  Reproduction,
} from "./contract/checkpoint.ts";
import type { ConfirmationReading } from "./contract/confirmation-paths.ts";
import type { Confirmation, ConfirmationChange, NewConfirmation } from "./contract/confirmation.ts";
import type { EdgeReading, EdgeWriting } from "./contract/edge-paths.ts";
import type { CrosswalkReading, CrosswalkWriting } from "./contract/crosswalk-paths.ts";
import type { Close, CloseAccuracy, CloseQuery } from "./contract/close.ts";
import type { ControlReading } from "./contract/control-paths.ts";
import type { DriftQuery, DriftSeries } from "./contract/drift.ts";
import type { FeedDetail, FeedDetailQuery, FeedFindings, FindingsQuery } from "./contract/coverage.ts";
import type {
  Excuse,
  ExcuseChange,
  ExcuseDetail,
  ExcuseEnd,
  ExcusePage,
  ExcusesQuery,
  NewExcuse,
} from "./contract/excuse.ts";
import type { FlowDetail, FlowList, FlowsQuery } from "./contract/flow.ts";
import type {
  ApiUsePage,
  ApiUseQuery,
  InterfaceDetail,
  InterfacePage,
  InterfaceQuery,
  InterfacesQuery,
} from "./contract/interface.ts";
import type { Journey, JourneySearch, JourneySearchQuery } from "./contract/journey.ts";
import type { LegStory } from "./contract/leg-story.ts";
import type { LegPage, LegsQuery } from "./contract/leg.ts";
import type { OutcomeCasePage, OutcomeCasesQuery, Outcomes, OutcomesQuery } from "./contract/outcome.ts";
import type { MatchDetail, MatchesQuery, MatchItem, MatchPage } from "./contract/match.ts";
import type {
  MatchSummary,
  MatchSummaryQuery,
  WorkAcceptance,
  WorkApproval,
  WorkChange,
  WorkLog,
} from "./contract/match-work.ts";
import type { Overview, OverviewQuery } from "./contract/overview.ts";
import type { QuarantinedDetail, QuarantinePage, QuarantineQuery } from "./contract/quarantine.ts";
import type {
  ItemMovePage,
  ItemMovesQuery,
  OpenItemPage,
  OpenItemsQuery,
  ReconciliationList,
  ReconciliationsQuery,
  Statement,
  StatementQuery,
} from "./contract/reconciliation.ts";
import type { SeatReading } from "./contract/seat-paths.ts";
import type { CreatedKey, KeyList, Me, NewSession, SessionState } from "./contract/session.ts";
import type { SloDetail, SloPage, SloQuery, SlosQuery } from "./contract/slo.ts";
import type { SourcePage, SourcesQuery } from "./contract/source.ts";
import type { TraceDetail } from "./contract/trace-detail.ts";

export type { AccessKey, NewAccessKey, Role } from "@throughline/schemas/access";
export type { FlowLeg } from "@throughline/schemas/pack/flow";

export type { CalendarItem } from "./contract/calendar.ts";
export type { Excuse, ExcusesQuery, ExcuseState, NewExcuse } from "./contract/excuse.ts";
export type { FlowDurations, HeatCell, LegDurations, LegProfile } from "./contract/flow-durations.ts";
export type { ImportPreview, Translation, TranslationDetail, TranslationsQuery } from "./contract/crosswalk.ts";
export type {
  Edge,
  EdgeOrder,
  EdgeOrdersQuery,
  EdgesQuery,
  MappingWait,
  MappingWaitsQuery,
  NewEdgeOrder,
} from "./contract/edge.ts";
export type { Compliance, Figure } from "./contract/figure.ts";
export type { FlowDetail, FlowList, FlowsQuery, FlowSummary, LegCounts, LegHour, LegSummary } from "./contract/flow.ts";
export type {
  CadenceState,
  InterfaceDetail,
  InterfaceFinding,
  InterfacesQuery,
  InterfaceSummary,
} from "./contract/interface.ts";
export type {
  Journey,
  JourneyEvent,
  JourneyLeg,
  JourneyObject,
  JourneySearch,
  JourneySearchQuery,
} from "./contract/journey.ts";
export type { LegStory, StoryEvent, StoryRules, StoryStep, StoryWindow } from "./contract/leg-story.ts";
export type { Leg, LegPage, LegsQuery } from "./contract/leg.ts";
export type {
  Checkpoint,
  CheckpointRowsQuery,
  KeptRow,
  LateChange,
  LateChangesQuery,
  Reproduction,
} from "./contract/checkpoint.ts";
export type { ControlTotals } from "./contract/control-totals.ts";
export type { DriftSeries } from "./contract/drift.ts";
export type { Accrual, AccrualPage } from "./contract/accrual.ts";
export type { Confirmation, Suggestion } from "./contract/confirmation.ts";
export type { Close } from "./contract/close.ts";
export type { OutcomeCase, OutcomeCasesQuery, OutcomeItem, Outcomes, OutcomesQuery } from "./contract/outcome.ts";
export type { MatchDetail, MatchesQuery, MatchItem } from "./contract/match.ts";
export type {
  MatchAct,
  MatchDerivation,
  MatchDocument,
  MatchSummary,
  MatchTest,
  MatchWork,
} from "./contract/match-work.ts";
export type { Overview, OverviewQuery } from "./contract/overview.ts";
export type { Problem } from "./contract/problem.ts";
export type { Quarantined, QuarantinedDetail, QuarantinePage, QuarantineQuery } from "./contract/quarantine.ts";
export type {
  ItemMove,
  ItemMovesQuery,
  OpenItem,
  OpenItemsQuery,
  ReconciliationItem,
  Statement,
} from "./contract/reconciliation.ts";
export type { Position, PositionsQuery } from "./contract/position.ts";
export type { FinanceSeat, PharmacySeat, ProcurementSeat, Shortage, ShortagesQuery } from "./contract/seat.ts";
export type { CreatedKey, KeyList, Me, NewSession, SessionState } from "./contract/session.ts";
export type {
  BlindWindow,
  FeedDelivery,
  FeedDetail,
  FeedFinding,
  FeedFindings,
  NumberGap,
} from "./contract/coverage.ts";
export type { BudgetSpender, SloDetail, SloItem, SloPage, SlosQuery, SloState } from "./contract/slo.ts";
export type { FeedPromise, Freshness, Source, SourcePage, SourcesQuery, SourceState } from "./contract/source.ts";
export type { Notice } from "./contract/stream.ts";
export type { Span } from "./contract/trace.ts";
export type { TraceDetail } from "./contract/trace-detail.ts";

type CheckpointPath = { id: string; checkpoint: string };
type ConfirmationPath = { id: string; confirmation: string };
type ConfirmationBody = Pick<ConfirmationChange, "version"> & Asked<ConfirmationChange>;

/** A list's parameters as a caller gives them: what has a default may be left out. */
type Asked<Query> = Partial<Query>;

/**
 * What each reading path takes and answers, relative to `/api/v1`. Parameters that may be repeated are arrays here and
 * travel as `name=a&name=b`. Errors are `Problem`s. `GET /stream` sends `Notice`s as server-sent events.
 */
export interface Readable extends ConfirmationReading, ControlReading, CrosswalkReading, EdgeReading, SeatReading {
  "/overview": { query: Asked<OverviewQuery>; answer: Overview };
  "/flows": { query: Asked<FlowsQuery>; answer: FlowList };
  "/flows/{flow}": { path: { flow: string }; query: Asked<FlowsQuery>; answer: FlowDetail };
  "/flows/{flow}/durations": { path: { flow: string }; query: Asked<DurationsQuery>; answer: FlowDurations };
  "/flows/{flow}/legs/{leg}": { path: { flow: string; leg: string }; query: Asked<ProfileQuery>; answer: LegProfile };
  "/legs": { query: Asked<LegsQuery>; answer: LegPage };
  "/legs/{flow}/{leg}/{type}/{id}/{occurrence}": {
    path: { flow: string; leg: string; type: string; id: string; occurrence: string };
    query: { asOf?: string };
    answer: LegStory;
  };
  "/breaches": { query: Asked<LegsQuery>; answer: LegPage };
  "/journeys": { query: Asked<JourneySearchQuery> & { key: string }; answer: JourneySearch };
  "/journeys/{type}/{id}": { path: { type: string; id: string }; query: { asOf?: string }; answer: Journey };
  "/traces/{id}": { path: { id: string }; query: object; answer: TraceDetail };
  "/matches/summary": { query: Asked<MatchSummaryQuery>; answer: MatchSummary };
  "/matches/{id}": { path: { id: string }; query: { asOf?: string }; answer: MatchDetail };
  "/matches": { query: Asked<MatchesQuery>; answer: MatchPage };
  "/reconciliations": { query: Asked<ReconciliationsQuery>; answer: ReconciliationList };
  "/reconciliations/{id}/statement": { path: { id: string }; query: Asked<StatementQuery>; answer: Statement };
  "/close": { query: Asked<CloseQuery>; answer: Close };
  "/reconciliations/{id}/checkpoints/{checkpoint}/accuracy": {
    path: CheckpointPath;
    query: object;
    answer: CloseAccuracy;
  };
  "/reconciliations/{id}/drift": { path: { id: string }; query: Asked<DriftQuery>; answer: DriftSeries };
  "/reconciliations/{id}/checkpoints": {
    path: { id: string };
    query: Asked<CheckpointsQuery>;
    answer: CheckpointPage;
  };
  "/reconciliations/{id}/checkpoints/{checkpoint}": { path: CheckpointPath; query: object; answer: Checkpoint };
  "/reconciliations/{id}/checkpoints/{checkpoint}/rows": {
    path: CheckpointPath;
    query: Asked<CheckpointRowsQuery>;
    answer: KeptRowPage;
  };
  "/reconciliations/{id}/checkpoints/{checkpoint}/adjustments": {
    path: CheckpointPath;
    query: Asked<LateChangesQuery>;
    answer: LateChangePage;
  };
  "/reconciliations/{id}/items": { path: { id: string }; query: Asked<OpenItemsQuery>; answer: OpenItemPage };
  "/reconciliations/{id}/moves": { path: { id: string }; query: Asked<ItemMovesQuery>; answer: ItemMovePage };
  "/outcomes": { query: Asked<OutcomesQuery>; answer: Outcomes };
  "/outcomes/{id}/cases": { path: { id: string }; query: Asked<OutcomeCasesQuery>; answer: OutcomeCasePage };
  "/slos": { query: Asked<SlosQuery>; answer: SloPage };
  "/slos/{id}": { path: { id: string }; query: Asked<SloQuery>; answer: SloDetail };
  "/sources/findings": { query: Asked<FindingsQuery>; answer: FeedFindings };
  "/sources/detail": { query: Asked<FeedDetailQuery> & { source: string }; answer: FeedDetail };
  "/sources": { query: Asked<SourcesQuery>; answer: SourcePage };
  "/interfaces": { query: Asked<InterfacesQuery>; answer: InterfacePage };
  "/interfaces/{id}": { path: { id: string }; query: Asked<InterfaceQuery>; answer: InterfaceDetail };
  "/interfaces/{id}/calls": { path: { id: string }; query: Asked<ApiUseQuery>; answer: ApiUsePage };
  "/excuses": { query: Asked<ExcusesQuery>; answer: ExcusePage };
  "/excuses/{id}": { path: { id: string }; query: { asOf?: string }; answer: ExcuseDetail };
  "/calendars": { query: Asked<CalendarsQuery>; answer: CalendarList };
  "/quarantine": { query: Asked<QuarantineQuery>; answer: QuarantinePage };
  "/quarantine/{log}/{position}": { path: { log: string; position: string }; query: object; answer: QuarantinedDetail };
  "/me": { query: object; answer: Me };
  "/session": { query: object; answer: SessionState };
  "/keys": { query: object; answer: KeyList };
}

/** What each writing path takes and answers, relative to `/api/v1`. */
export interface Writable extends CrosswalkWriting, EdgeWriting {
  "POST /session": { body: NewSession; answer: Me };
  "DELETE /session": { answer: undefined };
  "POST /excuses": { body: Omit<NewExcuse, "kind"> & { kind?: NewExcuse["kind"] }; answer: Excuse };
  "POST /excuses/{id}/approve": { path: { id: string }; body: Asked<ExcuseChange>; answer: Excuse };
  "POST /excuses/{id}/reject": { path: { id: string }; body: Asked<ExcuseChange>; answer: Excuse };
  "POST /excuses/{id}/withdraw": { path: { id: string }; body: Asked<ExcuseChange>; answer: Excuse };
  "POST /excuses/{id}/end": { path: { id: string }; body: Asked<ExcuseEnd>; answer: Excuse };
  "POST /reconciliations/{id}/confirmations": { path: { id: string }; body: NewConfirmation; answer: Confirmation };
  "POST /reconciliations/{id}/confirmations/{confirmation}/approve": {
    path: ConfirmationPath;
    body: ConfirmationBody;
    answer: Confirmation;
  };
  "POST /reconciliations/{id}/confirmations/{confirmation}/reject": {
    path: ConfirmationPath;
    body: ConfirmationBody;
    answer: Confirmation;
  };
  "POST /reconciliations/{id}/confirmations/{confirmation}/withdraw": {
    path: ConfirmationPath;
    body: ConfirmationBody;
    answer: Confirmation;
  };
  "POST /reconciliations/{id}/checkpoints": { path: { id: string }; body: NewCheckpoint; answer: Checkpoint };
  "POST /reconciliations/{id}/checkpoints/{checkpoint}/lock": {
    path: CheckpointPath;
    body: LockChange;
    answer: Checkpoint;
  };
  "POST /reconciliations/{id}/checkpoints/{checkpoint}/unlock": {
    path: CheckpointPath;
    body: LockChange;
    answer: Checkpoint;
  };
  "POST /reconciliations/{id}/checkpoints/{checkpoint}/reproduce": { path: CheckpointPath; answer: Reproduction };
  "POST /matches/{id}/take": { path: { id: string }; body: Asked<WorkChange> & { version: number }; answer: MatchItem };
  "POST /matches/{id}/release": {
    path: { id: string };
    body: Asked<WorkChange> & { version: number };
    answer: MatchItem;
  };
  "POST /matches/{id}/withdraw": {
    path: { id: string };
    body: Asked<WorkChange> & { version: number };
    answer: MatchItem;
  };
  "POST /matches/{id}/log": {
    path: { id: string };
    body: Asked<WorkLog> & { version: number; minutes: number };
    answer: MatchItem;
  };
  "POST /matches/{id}/accept": { path: { id: string }; body: WorkAcceptance; answer: MatchItem };
  "POST /matches/{id}/approve": {
    path: { id: string };
    body: Asked<WorkApproval> & { version: number; seen: string };
    answer: MatchItem;
  };
  "POST /keys": { body: NewAccessKey; answer: CreatedKey };
  "DELETE /keys/{id}": { path: { id: string }; answer: AccessKey };
}
