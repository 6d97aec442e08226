import type { MappingWait, Translation } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createSignal } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { Decisions, Said } from "./decisions.tsx";
import { type Decision, TranslationDecision } from "./translation-decision.tsx";
import { TranslationStateMark } from "./translation-state.tsx";
import { sayDays, sayPlace } from "./translation-text.ts";

interface WaitDrawerProps {
  /** Undefined: nothing waits for it any more. */
  wait: MappingWait | undefined;
  /** What tells it apart. */
  shows: string;
  mayWrite: boolean;
  closeHref: string;
  onPropose: () => void;
}

/** One value that documents wait for: where, how many, since when, and what was said of it so far. */
export function WaitDrawer(props: WaitDrawerProps): JSX.Element {
  const [decision, setDecision] = createSignal<Decision>();
  return (
    <Drawer
      label="Value that documents wait for"
      title={props.wait?.value ?? "Nothing waits"}
      closeHref={props.closeHref}
      shows={props.shows}
      actions={
        <Show when={props.mayWrite && props.wait}>
          <Button look={props.wait?.proposals === 0 ? "solid" : "plain"} onClick={() => props.onPropose()}>
            Propose what it is
          </Button>
        </Show>
      }
    >
      <Show
        when={props.wait}
        fallback={
          <EmptyPanel title="No document waits for this value.">
            It was translated, and its documents were mapped again.
          </EmptyPanel>
        }
      >
        {(wait) => (
          <>
            <WaitFacts wait={wait()} />
            <Known wait={wait()} mayWrite={props.mayWrite} onDecide={setDecision} />
          </>
        )}
      </Show>
      <TranslationDecision decision={decision()} onClose={() => setDecision(undefined)} />
    </Drawer>
  );
}

function WaitFacts(props: { wait: MappingWait }): JSX.Element {
  const scope = useScope();
  const wait = () => props.wait;
  return (
    <Facts
      facts={[
        { name: "Value", value: <Identifier value={wait().value} kind="code" /> },
        { name: "Crosswalk", value: wait().crosswalk },
        { name: "Waiting", value: formatNoun(wait().documents, "document") },
        { name: "Since", value: <Time at={wait().since} style="second" /> },
        { name: "Interface", value: <Identifier value={wait().interface} kind="interface" /> },
        { name: "Site", value: wait().site === "" ? "none named" : wait().site },
        {
          name: "Flows",
          value: (
            <Show when={wait().flows.length > 0} fallback="None: no milestone is reached by these events">
              <For each={wait().flows}>
                {(flow, index) => (
                  <>
                    {index() === 0 ? "" : ", "}
                    <a href={scope.linkTo(`/flows/${encodeURIComponent(flow.flow)}`)}>{flow.title}</a>
                  </>
                )}
              </For>
            </Show>
          ),
        },
        { name: "Events", value: wait().types.join(", ") },
        { name: "Told", value: <Time at={wait().toldAt} style="second" /> },
      ]}
    />
  );
}

/** What was ever proposed of the value; it can be decided about here. */
function Known(props: { wait: MappingWait; mayWrite: boolean; onDecide: (decision: Decision) => void }): JSX.Element {
  const read = createRead("/crosswalks", () => ({
    query: { from: props.wait.value, crosswalk: [props.wait.crosswalk] },
  }));
  return (
    <section aria-label="What was proposed">
      <h3>What was proposed</h3>
      <Switch fallback={<SkeletonLines widths={[70, 50]} />}>
        <Match when={read.isSuccess && read.data.items}>
          {(items) => (
            <Show when={items().length > 0} fallback={<p class="quiet">Nobody has said yet what it is.</p>}>
              <ol class="crosswalk-story">
                <For each={items()}>{(each) => <Proposal {...props} translation={each} />}</For>
              </ol>
            </Show>
          )}
        </Match>
        <Match when={read.isError}>
          <ErrorPanel what="What was proposed" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
      </Switch>
    </section>
  );
}

function Proposal(props: {
  translation: Translation;
  mayWrite: boolean;
  onDecide: (decision: Decision) => void;
}): JSX.Element {
  const of = () => props.translation;
  return (
    <li>
      <TranslationStateMark state={of().state} /> <span class="crosswalk-code">{of().to}</span>, {sayPlace(of())},{" "}
      {sayDays(of())}
      <p class="crosswalk-text">{of().reason}</p>
      <p class="quiet">
        Proposed <Said by={of().proposedBy.name} at={of().proposedAt} />
        <Show when={of().decidedBy}>
          {(decider) => (
            <>
              ; decided <Said by={decider().name} at={of().decidedAt ?? ""} />
            </>
          )}
        </Show>
      </p>
      <Show when={props.mayWrite}>
        <div class="draft-actions">
          <Decisions translation={of()} onChoose={(verb) => props.onDecide({ verb, translation: of() })} />
        </div>
      </Show>
    </li>
  );
}
