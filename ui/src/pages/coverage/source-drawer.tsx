import type { FeedDetail, FeedFinding, Source } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createMemo } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { FindingList } from "../../parts/finding-list.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { StateLine } from "../../parts/note-box.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { FindingTime } from "./feed-findings.tsx";
import { FINDING_WORDS, isGoingOn, sayFinding, saySilence, sayState, sayWatermark } from "./feed-text.ts";
import { BlindTable, DeliveryTable, GapTable } from "./source-tables.tsx";
import { SourceStateMark } from "./source-state.tsx";
import "./source-drawer.css";

interface SourceDrawerProps {
  name: string;
  /** The row where it is on the page already. */
  known: Source | undefined;
  findings: readonly FeedFinding[];
  closeHref: string;
}

/** One feed: what is wrong with it, how far it is complete and how that is known, and what never came. */
export function SourceDrawer(props: SourceDrawerProps): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/sources",
    () => ({ query: { ...scope.countQuery(), ...scope.asOfQuery(), source: props.name } }),
    () => ({ isEnabled: props.known === undefined }),
  );
  const detail = createRead("/sources/detail", () => {
    const { from, to } = scope.countQuery();
    return { query: { source: props.name, ...(from && { from }), ...(to && { to }), ...scope.asOfQuery() } };
  });
  const source = createMemo(
    () => props.known ?? (read.isSuccess ? read.data.items.find(({ source: name }) => name === props.name) : undefined),
  );
  const isMissing = () => detail.error instanceof ApiError && detail.error.status === 404;
  return (
    <Drawer label="Feed" title={props.name} closeHref={props.closeHref} shows={props.name}>
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={detail.isError && isMissing()}>
          <EmptyPanel title="This feed is not there.">
            It has sent nothing yet, or lies outside of what you may see.
          </EmptyPanel>
        </Match>
        <Match when={detail.isError}>
          <ErrorPanel what="The feed" error={detail.error} onRetry={() => void detail.refetch()} />
        </Match>
        <Match when={detail.isSuccess && (source() !== undefined || !read.isLoading) && detail.data}>
          {(covered) => <SourceView source={source()} detail={covered()} findings={props.findings} />}
        </Match>
      </Switch>
    </Drawer>
  );
}

interface SourceViewProps {
  source: Source | undefined;
  detail: FeedDetail;
  findings: readonly FeedFinding[];
}

function SourceView(props: SourceViewProps): JSX.Element {
  return (
    <>
      <Show
        when={props.source}
        fallback={
          <p>Nothing of it was ever taken. What it promised to send, and what is wrong with it, is listed here.</p>
        }
      >
        {(source) => (
          <StateLine mark={<SourceStateMark state={source().state} isExcused={source().promise.isExcused} />}>
            <p>{sayState(source())}</p>
          </StateLine>
        )}
      </Show>
      <FindingList
        none="Nothing is or was wrong with it in this time."
        findings={props.findings.map((finding) => ({
          title: FINDING_WORDS[finding.kind].word,
          text: `${sayFinding(finding)} ${isGoingOn(finding) ? FINDING_WORDS[finding.kind].advice : ""}`,
          severity: isGoingOn(finding) ? "high" : "standard",
          note: <FindingTime finding={finding} />,
        }))}
      />
      <Show when={props.source}>{(source) => <CompletenessFacts source={source()} />}</Show>
      <BlindTable windows={props.detail.blind} />
      <GapTable gaps={props.detail.gaps} missing={props.detail.missing} />
      <DeliveryTable batches={props.detail.batches} />
      <Show when={props.source}>{(source) => <SentFacts source={source()} detail={props.detail} />}</Show>
    </>
  );
}

/** Up to when the feed is complete, how that is known, and when it counts as silent. */
function CompletenessFacts(props: { source: Source }): JSX.Element {
  const source = () => props.source;
  return (
    <Facts
      facts={[
        { name: "Feed", value: <Identifier value={source().source} kind="feed" /> },
        {
          name: "Sites",
          value:
            source()
              .sites.filter((site) => site !== "")
              .join(", ") || "Group-wide",
        },
        { name: "Watermark", value: sayWatermark(source().promise) },
        when("Complete to", source().completeTo),
        when("It says", source().watermarkAt),
        { name: "Silent", value: saySilence(source().promise) },
        when("Silent since", source().silentSince),
        source().silentSince === null ? when("To be heard of by", source().promise.silentAt) : undefined,
        when("Last heartbeat", source().lastHeartbeatAt),
        when("Last arrival", source().lastArrivedAt),
        when("Last event", source().lastEventAt),
        when("First event", source().firstEventAt),
      ]}
    />
  );
}

/** What the feed sent in the time of the page. */
function SentFacts(props: { source: Source; detail: FeedDetail }): JSX.Element {
  const scope = useScope();
  const count = (name: string, value: number) => ({ name, value: formatCount(value) });
  return (
    <div>
      <h3>What it sent in this time</h3>
      <Facts
        facts={[
          count("Accepted", props.source.accepted),
          count("Duplicates", props.source.duplicates),
          count("Superseded", props.source.superseded),
          count("Conflicts", props.source.conflicts),
          count("Failed steps", props.source.failed),
          count("Behind its watermark", props.detail.behind.count),
          {
            name: "Clock ahead",
            value:
              props.detail.clockAhead === 0 ? (
                "0"
              ) : (
                <a href={scope.linkTo("/quarantine?code=clock_ahead")}>
                  {formatCount(props.detail.clockAhead)} refused
                </a>
              ),
          },
        ]}
      />
      <ul class="type-list" aria-label="Types of events">
        <For each={props.source.types}>{(type) => <li class="mono">{type}</li>}</For>
      </ul>
    </div>
  );
}

function when(name: string, at: string | null) {
  return at === null ? undefined : { name, value: <Time at={at} style="second" /> };
}
