import type { FeedFinding } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createMemo, createSignal } from "solid-js";
import type { ListRead } from "../../parts/list-body.tsx";
import { useNow } from "../../data/clock.tsx";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { formatCoarse } from "../../format/time.ts";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { Time } from "../../parts/time.tsx";
import { FINDING_WORDS, isGoingOn, sayFinding } from "./feed-text.ts";
import "./feed-findings.css";

const FIRST_SHOWN = 5;

interface FeedFindingsProps {
  read: ListRead;
  findings: readonly FeedFinding[];
  /** The feed whose detail is open beside the list. */
  openKey: string | undefined;
  hrefOf: (source: string) => string;
}

/** What is wrong with the feeds, above the list of them: what goes on first, what ended when it is asked for. */
export function FeedFindings(props: FeedFindingsProps): JSX.Element {
  const scope = useScope();
  const [isWhole, setWhole] = createSignal(false);
  const current = createMemo(() => props.findings.filter(isGoingOn));
  const shown = () => (isWhole() ? props.findings : current().slice(0, FIRST_SHOWN));
  const hidden = () => props.findings.length - shown().length;
  return (
    <section class="feed-findings" aria-label="Findings">
      <Switch fallback={<SkeletonLines widths={[90, 80, 85]} />}>
        <Match when={props.read.isLoadingError}>
          <p role="alert">
            The findings could not be read. {props.read.error?.message}{" "}
            <button type="button" class="link-button" onClick={() => void props.read.refetch()}>
              Try again
            </button>
          </p>
        </Match>
        <Match when={props.read.isSuccess}>
          <ul>
            <For each={shown()}>
              {(finding) => (
                <li>
                  <FindingLine
                    finding={finding}
                    href={props.hrefOf(finding.source)}
                    isOpen={finding.source === props.openKey}
                  />
                </li>
              )}
            </For>
          </ul>
          <p class="feed-findings-foot">
            <Show when={current().length === 0}>
              <span class="quiet">
                {scope.asOf() === undefined
                  ? "Nothing is wrong with these feeds now."
                  : "Nothing was wrong with these feeds then."}
              </span>
            </Show>
            <Show when={hidden() > 0 || isWhole()}>
              <button
                type="button"
                class="link-button"
                aria-expanded={isWhole() ? "true" : "false"}
                onClick={() => setWhole(!isWhole())}
              >
                {isWhole() ? "Fewer findings" : `All ${formatNoun(props.findings.length, "finding")} of this time`}
              </button>
            </Show>
          </p>
        </Match>
      </Switch>
    </section>
  );
}

/** A gap in a log opens no feed: it stops all of them, and says at once what to do. */
function FindingLine(props: { finding: FeedFinding; href: string; isOpen: boolean }): JSX.Element {
  return (
    <Show
      when={props.finding.kind !== "log-gap"}
      fallback={
        <div class="feed-finding">
          <FindingCells finding={props.finding} advice={FINDING_WORDS["log-gap"].advice} />
        </div>
      }
    >
      <a
        class="feed-finding"
        classList={{ ended: !isGoingOn(props.finding) }}
        href={props.href}
        aria-current={props.isOpen ? "true" : undefined}
      >
        <FindingCells finding={props.finding} />
      </a>
    </Show>
  );
}

function FindingCells(props: { finding: FeedFinding; advice?: string }): JSX.Element {
  return (
    <>
      <span class="feed-finding-what">{FINDING_WORDS[props.finding.kind].word}</span>
      <span class="feed-finding-source mono">{props.finding.source}</span>
      <span class="feed-finding-text">
        {sayFinding(props.finding)} {props.advice}
      </span>
      <span class="feed-finding-when">
        <FindingTime finding={props.finding} />
      </span>
    </>
  );
}

/** Since when it goes on, or when it began and how long it lasted. */
export function FindingTime(props: { finding: FeedFinding }): JSX.Element {
  const now = useNow();
  const lengthMs = () =>
    (props.finding.until === null ? now() : Date.parse(props.finding.until)) - Date.parse(props.finding.since);
  return (
    <>
      <Show when={lengthMs() > 0}>
        {formatCoarse(lengthMs())}, {isGoingOn(props.finding) ? "since" : "from"}{" "}
      </Show>
      <Time at={props.finding.since} style="minute" />
    </>
  );
}
