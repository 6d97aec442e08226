import type { Translation, TranslationDetail } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createSignal } from "solid-js";
import { ApiError, toQuery } from "../../data/client.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Decisions, Said } from "./decisions.tsx";
import { type Decision, TranslationDecision } from "./translation-decision.tsx";
import { TranslationStateMark } from "./translation-state.tsx";
import { KIND_WORDS, STATE_FACES, sayDays, sayPlace } from "./translation-text.ts";

interface TranslationDrawerProps {
  id: string;
  mayWrite: boolean;
  closeHref: string;
  onReplace: (translation: Translation) => void;
}

/** One translation: what it says, who proposed and approved it and why, and what can be decided about it. */
export function TranslationDrawer(props: TranslationDrawerProps): JSX.Element {
  const [decision, setDecision] = createSignal<Decision>();
  const read = createRead("/crosswalks/{id}", () => ({ path: { id: props.id } }));
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  return (
    <Drawer
      label="Translation"
      title={read.isSuccess ? `${read.data.from} is ${read.data.to}` : "Translation"}
      closeHref={props.closeHref}
      shows={props.id}
      actions={
        <Show when={props.mayWrite && read.isSuccess && read.data}>
          {(known) => (
            <>
              <Show when={known().state === "approved"}>
                <Button onClick={() => props.onReplace(known())}>Replace</Button>
              </Show>
              <Decisions translation={known()} onChoose={(verb) => setDecision({ verb, translation: known() })} />
            </>
          )}
        </Show>
      }
    >
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={read.isSuccess && read.data}>
          {(known) => (
            <>
              <TranslationFacts translation={known()} />
              <ReplacementTable rows={known().replacements} />
              <Revisions revisions={known().revisions} />
            </>
          )}
        </Match>
        <Match when={read.isError && isMissing()}>
          <EmptyPanel title="This translation is not there.">It lies outside of what you may see.</EmptyPanel>
        </Match>
        <Match when={read.isError}>
          <ErrorPanel what="The translation" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
      </Switch>
      <TranslationDecision decision={decision()} onClose={() => setDecision(undefined)} />
    </Drawer>
  );
}

function TranslationFacts(props: { translation: Translation }): JSX.Element {
  const of = () => props.translation;
  const system = (name: string) => (name === "" ? "" : ` (${name})`);
  return (
    <>
      <div class="leg-state">
        <TranslationStateMark state={of().state} />
        <p>{STATE_FACES[of().state].meaning}</p>
      </div>
      <Facts
        facts={[
          { name: "Kind", value: `${KIND_WORDS[of().kind]}, in the crosswalk ${of().crosswalk}` },
          {
            name: "Others write",
            value: (
              <>
                <Identifier value={of().from} kind="code" />
                {system(of().fromSystem)}
              </>
            ),
          },
          {
            name: "Here it is",
            value: (
              <>
                <Identifier value={of().to} kind="code" />
                {system(of().toSystem)}
              </>
            ),
          },
          { name: "Read", value: of().reversible ? "in both directions" : "in this direction" },
          { name: "Holds", value: `${sayPlace(of())}, ${sayDays(of())}` },
          { name: "Known from", value: <span class="crosswalk-text">{of().reason}</span> },
          { name: "Proposed", value: <Said by={of().proposedBy.name} at={of().proposedAt} /> },
          of().decidedAt === null
            ? undefined
            : {
                name: of().state === "rejected" ? "Rejected" : "Approved",
                value: <Said by={of().decidedBy?.name ?? ""} at={of().decidedAt ?? ""} />,
              },
          of().importId === ""
            ? undefined
            : { name: "Import", value: <Other query={{ importId: of().importId }} text="All that came with it" /> },
          of().replaces === ""
            ? undefined
            : { name: "In place of", value: <Other query={{ open: of().replaces }} text="another translation" /> },
          { name: "Number", value: <Identifier value={of().id} kind="translation" /> },
        ]}
      />
    </>
  );
}

/** What became at edges of the documents that used the value when it was called otherwise. */
function ReplacementTable(props: { rows: TranslationDetail["replacements"] }): JSX.Element {
  return (
    <SmallTable
      title="Documents that used it otherwise"
      rows={props.rows}
      columns={[
        {
          title: "At",
          cell: ({ interface: name, site }) => (site === "" ? name : `${name}, ${site}`),
        },
        {
          title: "It was",
          cell: (row) => <span class="crosswalk-code">{row.replaced}</span>,
        },
        {
          title: "It is",
          cell: (row) => <span class="crosswalk-code">{row.replacement === "" ? "unknown" : row.replacement}</span>,
        },
        { title: "Mapped again", align: "end", cell: ({ documents }) => formatCount(documents) },
        {
          title: "Not kept",
          align: "end",
          cell: (row) => <span classList={{ late: row.lost > 0, quiet: row.lost === 0 }}>{formatCount(row.lost)}</span>,
        },
      ]}
    />
  );
}

/** Leads to other translations. */
function Other(props: { query: Record<string, string>; text: string }): JSX.Element {
  const scope = useScope();
  return <a href={scope.linkTo(`/crosswalks/translations${toQuery(props.query)}`)}>{props.text}</a>;
}

function Revisions(props: { revisions: readonly Translation[] }): JSX.Element {
  return (
    <section aria-label="What was decided, and when">
      <h3>What was decided, and when</h3>
      <ol class="crosswalk-story crosswalk-past">
        <For each={props.revisions.toReversed()}>
          {(revision) => (
            <li>
              <TranslationStateMark state={revision.state} />{" "}
              <Said by={revision.changedBy.name} at={revision.changedAt} />
              <Show when={revision.note}>{(note) => <p class="crosswalk-text">{note()}</p>}</Show>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}
