import type { Quarantined, QuarantinedDetail } from "@throughline/api/contract";
import { For, type JSX, Match, Switch, createMemo } from "solid-js";
import { download } from "../../charts/download.ts";
import { toTitle } from "../../format/title.ts";
import { createRead } from "../../data/read.ts";
import { formatBytes, formatNoun } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { fromBase64, readBytes } from "./bytes.ts";

export interface QuarantineKey {
  log: string;
  position: string;
}

export function toQuarantineKey(row: Pick<Quarantined, "log" | "position">): string {
  return `${row.position}~${row.log}`;
}

/** Reads what `toQuarantineKey` wrote; undefined for anything else. */
export function parseQuarantineKey(text: string | undefined): QuarantineKey | undefined {
  const match = /^(\d+)~(.+)$/s.exec(text ?? "");
  if (match === null) return undefined;
  const [, position = "", log = ""] = match;
  return { log, position };
}

/** One refused item: why, and what exactly was sent. */
export function QuarantineDrawer(props: { quarantineKey: QuarantineKey; closeHref: string }): JSX.Element {
  const read = createRead("/quarantine/{log}/{position}", () => ({ path: { ...props.quarantineKey } }));
  return (
    <Drawer
      label="Refused item"
      title={read.isSuccess ? toTitle(read.data.code) : "Refused item"}
      closeHref={props.closeHref}
      shows={toQuarantineKey(props.quarantineKey)}
    >
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={read.isError}>
          <ErrorPanel what="The refused item" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data}>{(item) => <QuarantineDetail item={item()} />}</Match>
      </Switch>
    </Drawer>
  );
}

function QuarantineDetail(props: { item: QuarantinedDetail }): JSX.Element {
  const bytes = createMemo(() => fromBase64(props.item.bytes));
  const shown = createMemo(() => readBytes(bytes()));
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([bytes()], { type: "application/octet-stream" }));
    download(`refused-${props.item.position}`, url);
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <div>
        <h3>{formatNoun(props.item.issues.length, "reason")}</h3>
        <ul class="issues">
          <For each={props.item.issues}>
            {(issue) => (
              <li class="issue">
                <code class="issue-path">{issue.path === "" ? "the whole of it" : issue.path}</code>
                {issue.message}
              </li>
            )}
          </For>
        </ul>
      </div>
      <CodeBlock
        label="What was sent"
        text={shown().shown}
        note={`${props.item.contentType}${shown().kind === "json" ? ", laid out" : ""}${shown().isCut ? ", its beginning" : ""}`}
      />
      <div>
        <Button onClick={save}>Save the bytes ({formatBytes(props.item.sizeBytes)})</Button>
      </div>
      <Facts
        facts={[
          { name: "Arrived", value: <Time at={props.item.arrivedAt} style="second" /> },
          {
            name: "Feed",
            value: props.item.source === "" ? "not named" : <Identifier value={props.item.source} kind="feed" />,
          },
          { name: "Site", value: props.item.site === "" ? "not named" : props.item.site },
          { name: "Sent to", value: <span class="mono">{props.item.route}</span> },
          { name: "Sent by", value: props.item.actor },
          { name: "SHA-256", value: <Identifier value={props.item.digest} kind="digest" /> },
          {
            name: "Position",
            value: <Identifier value={`${props.item.log} ${props.item.position}`} kind="position" />,
          },
        ]}
      />
    </>
  );
}
