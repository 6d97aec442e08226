import type { Leg } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createMemo } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import { toPageHref } from "../../data/links.ts";
import { type Names } from "../../data/names.ts";
import { toTitle } from "../../format/title.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { Duration } from "../../parts/duration.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { NoteBox, StateLine } from "../../parts/note-box.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { StatutoryMark } from "../../parts/statutory-mark.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { LegState } from "./leg-columns.tsx";
import { LegStory } from "./leg-story.tsx";
import type { LegKey } from "./leg-key.ts";
import { foretell } from "./forecast-text.ts";
import { explainLeg } from "./leg-text.ts";
import "./leg-drawer.css";

/** Verdicts that leave nothing for a person to do. */
const NOTHING_TO_DO = new Set<Leg["verdict"]>(["MET", "EXCLUDED"]);

interface LegDrawerProps {
  legKey: LegKey;
  /** The row where it is on the page already. */
  known: Leg | undefined;
  names: Names;
  closeHref: string;
}

/** One leg: how it stands, what to do about it, and the way to its journey. */
export function LegDrawer(props: LegDrawerProps): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/legs",
    () => ({
      query: {
        flow: [props.legKey.flow],
        leg: [props.legKey.leg],
        instanceType: props.legKey.type,
        instanceId: props.legKey.id,
        ...scope.asOfQuery(),
      },
    }),
    () => ({ isEnabled: props.known === undefined }),
  );
  const leg = createMemo(
    () =>
      props.known ??
      (read.isSuccess ? read.data.items.find(({ occurrence }) => occurrence === props.legKey.occurrence) : undefined),
  );
  return (
    <Drawer
      label="Leg"
      title={props.names.legOf(props.legKey.flow, props.legKey.leg)}
      closeHref={props.closeHref}
      shows={`${props.legKey.flow} ${props.legKey.leg} ${props.legKey.id}`}
      actions={
        <Show when={leg()}>
          {(present) => (
            <a class="button" data-look="solid" href={scope.linkTo(toPageHref(present().href))}>
              Open the journey
            </a>
          )}
        </Show>
      }
    >
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={leg()}>{(present) => <LegDetail leg={present()} names={props.names} />}</Match>
        <Match when={read.isError}>
          <ErrorPanel what="The leg" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess}>
          <EmptyPanel title="This leg is not there.">
            It may lie outside of what you may see, or the link is incomplete.
          </EmptyPanel>
        </Match>
      </Switch>
    </Drawer>
  );
}

/** How a leg stands, what to do about it, and all that is known of it. */
export function LegDetail(props: { leg: Leg; names: Names }): JSX.Element {
  const now = useNow();
  const leg = () => props.leg;
  return (
    <>
      <StateLine mark={<LegState leg={leg()} />}>
        <p>{explainLeg(leg(), now())}</p>
      </StateLine>
      <Show when={!NOTHING_TO_DO.has(leg().verdict)}>
        <LegResponse flow={leg().flow} leg={leg().leg} />
      </Show>
      <Facts
        facts={[
          {
            name: toTitle(leg().instance.type),
            value: <Identifier value={leg().instance.id} kind={toTitle(leg().instance.type)} />,
          },
          {
            name: "Flow",
            value: <a href={`/flows/${encodeURIComponent(leg().flow)}`}>{props.names.flowOf(leg().flow)}</a>,
          },
          { name: "Site", value: leg().site === "" ? "Group-wide" : leg().site },
          leg().supplier === ""
            ? undefined
            : { name: "Supplier", value: <Identifier value={leg().supplier} kind="supplier" /> },
          whenKnown("Set by law", props.names.statutoryOf(leg().flow, leg().leg), (rule) => (
            <StatutoryMark statutory={rule} />
          )),
          { name: "Criticality", value: <CriticalityTag criticality={leg().criticality} /> },
          whenKnown("Started", leg().startedAt, (at) => <Time at={at} style="second" />),
          whenKnown("Due", leg().dueAt, (at) => <Time at={at} style="second" />),
          foretell(leg()) === "" ? undefined : { name: "Forecast", value: foretell(leg()) },
          whenKnown("Ended", leg().endedAt, (at) => <Time at={at} style="second" />),
          whenKnown("Allowed", leg().budgetMs, (ms) => <Duration ms={ms} />),
          whenKnown(leg().endedAt === null ? "When judged" : "Took", leg().elapsedMs, (ms) => <Duration ms={ms} />),
          leg().flags.length > 0 ? { name: "Noted", value: leg().flags.map(toTitle).join(", ") } : undefined,
          leg().moves.length === 0 ? undefined : { name: "Not counted", value: <LegMoves moves={leg().moves} /> },
          leg().reason === "" ? undefined : { name: "Reason", value: leg().reason },
          { name: "Judged", value: <Time at={leg().evaluatedAt} style="second" /> },
          { name: "Rule", value: <Identifier value={leg().ruleVersion} kind="rule version" /> },
        ]}
      />
      <LegStory leg={leg()} />
    </>
  );
}

const MOVE_WORDS = {
  reversal: "Ended, then open again",
  excuse: "Excused",
  pause: "Paused",
} as const;

/** What moved the deadline: each stretch of time that does not count against the leg. */
function LegMoves(props: { moves: Leg["moves"] }): JSX.Element {
  return (
    <ul class="leg-moves">
      <For each={props.moves}>
        {(move) => (
          <li>
            {MOVE_WORDS[move.kind]} <Time at={move.from} style="second" /> to{" "}
            <Show when={move.until} fallback="now">
              {(until) => <Time at={until()} style="second" />}
            </Show>
            <Show when={move.id !== ""}>
              {" "}
              <Identifier value={move.id} kind="window" />
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

/** What the flow says to do when a leg is late. */
export function LegResponse(props: { flow: string; leg: string }): JSX.Element {
  const flow = createRead(
    "/flows/{flow}",
    () => ({ path: { flow: props.flow } }),
    () => ({ staleMs: 600_000 }),
  );
  const response = () =>
    flow.isSuccess ? flow.data.definition.legs.find(({ id }) => id === props.leg)?.response : undefined;
  return (
    <Show when={!flow.isPending} fallback={<SkeletonLines widths={[95, 90, 70]} />}>
      <Show when={response()}>
        {(text) => (
          <NoteBox title="What to do">
            <p>{text()}</p>
          </NoteBox>
        )}
      </Show>
    </Show>
  );
}

function whenKnown<Value>(name: string, value: Value | null, show: (value: Value) => JSX.Element) {
  return value === null ? undefined : { name, value: show(value) };
}
