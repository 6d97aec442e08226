import type { OpenItem, OpenItemsQuery, ReconciliationItem } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { decodePathPart, toPageHref, toStatedKey } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatMeasure } from "../../format/measure.ts";
import { formatDecimal, formatNoun } from "../../format/number.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { NoteBox, StateLine } from "../../parts/note-box.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { ClassMark } from "./reconciliation-marks.tsx";
import { CAUSE_TITLES, CLASS_FACES, sayAge, sayUnit, sayValue } from "./reconciliation-text.ts";

const SEPARATOR = "~";
const MOST_ALIKE = 1000;

interface OpenItemDrawerProps {
  itemKey: string;
  /** The row, where the list has it; else it is looked for. */
  shown: OpenItem | undefined;
  reconciliation: string;
  described: ReconciliationItem | undefined;
  /** Of what the list is: the cut-off, the company and the moment of knowledge. */
  asked: Pick<Partial<OpenItemsQuery>, "to" | "company" | "asOf">;
  closeHref: string;
}

/** Names an open item in a URL: its unit, side, first event and key. */
export function toItemKey({ unit, side, source, id, key }: OpenItem): string {
  return [unit, side, source, id, ...key].map(encodeURIComponent).join(SEPARATOR);
}

/** One open item: what it is worth, why it is open, the events that stand in it, and what to do. */
export function OpenItemDrawer(props: OpenItemDrawerProps): JSX.Element {
  const parts = () => props.itemKey.split(SEPARATOR).map(decodePathPart);
  const longest = () =>
    parts()
      .slice(4)
      .reduce((left, part) => (part.length > left.length ? part : left), "");
  const read = createRead(
    "/reconciliations/{id}/items",
    () => ({
      path: { id: props.reconciliation },
      query: {
        ...props.asked,
        ...(longest() !== "" && { q: longest() }),
        limit: MOST_ALIKE,
      },
    }),
    () => ({ isEnabled: props.shown === undefined }),
  );
  const found = () =>
    props.shown ?? (read.isSuccess ? read.data.items.find((item) => toItemKey(item) === props.itemKey) : undefined);
  return (
    <Drawer
      label="Open item"
      title={<span class="mono">{parts().slice(4).join(" / ")}</span>}
      closeHref={props.closeHref}
      shows={props.itemKey}
      actions={<Show when={found()}>{(item) => <JourneyLink item={item()} />}</Show>}
    >
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={found()}>{(item) => <ItemBody item={item()} described={props.described} />}</Match>
        <Match when={read.isError}>
          <ErrorPanel what="The item" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess}>
          <EmptyPanel title="This item is not open.">
            <p>It was cleared since, or the list is of another moment. The moves of the statement say when.</p>
          </EmptyPanel>
        </Match>
      </Switch>
    </Drawer>
  );
}

function JourneyLink(props: { item: OpenItem }): JSX.Element {
  const scope = useScope();
  return (
    <a class="button" href={scope.linkTo(toPageHref(props.item.href))}>
      Open the journey
    </a>
  );
}

function ItemBody(props: { item: OpenItem; described: ReconciliationItem | undefined }): JSX.Element {
  const item = () => props.item;
  const titleOf = (side: "a" | "b") => props.described?.[side] ?? `Side ${side}`;
  return (
    <>
      <StateLine mark={<ClassMark of={item().class} />}>
        <p>{sayItem(item(), titleOf)}</p>
      </StateLine>
      <Facts
        facts={[
          {
            name: "Key",
            value: (
              <span class="item-parts">
                <For each={item().key}>{(part) => <Identifier value={part} kind="key" />}</For>
              </span>
            ),
          },
          {
            name: "Value, as it adds to the net",
            value: `${sayValue(item().value, item().unit, props.described?.measure)} ${sayUnit(item().unit)}`,
          },
          {
            name: "Worth",
            value:
              item().worth === null ? (
                "not known"
              ) : (
                <Show when={item().worth}>{(worth) => formatMeasure(worth())}</Show>
              ),
          },
          { name: "Limit of an item", value: item().isBeyondLimit ? <span class="late">exceeded</span> : "kept" },
          { name: "Cause", value: CAUSE_TITLES[item().cause] },
          { name: "Open since", value: <Time at={item().since} style="minute" /> },
          { name: "Age", value: sayAge(item().days) },
          { name: "A break from", value: <Time at={item().dueAt} style="minute" /> },
          { name: "Period", value: item().period },
          item().supplier === "" ? undefined : { name: "Supplier", value: <Identifier value={item().supplier} /> },
          { name: "Site", value: item().site === "" ? "none named" : item().site },
          item().isContested
            ? { name: "Contested", value: "Some of it was stated twice with different content." }
            : undefined,
        ]}
      />
      <Events item={item()} side="a" title={titleOf("a")} />
      <Events item={item()} side="b" title={titleOf("b")} />
      <Show when={props.described}>
        {(described) => (
          <NoteBox title="What to do">
            <p>{described().response}</p>
          </NoteBox>
        )}
      </Show>
    </>
  );
}

/** The rows of a side that stand in an item; each opens on the journey. */
function Events(props: { item: OpenItem; side: "a" | "b"; title: string }): JSX.Element {
  const scope = useScope();
  const rows = () => props.item.events[props.side];
  const rest = () => props.item.entries[props.side] - rows().length;
  const hrefOf = (event: { source: string; id: string }) =>
    scope.linkTo(`${toPageHref(props.item.href)}?open=${encodeURIComponent(toStatedKey(event))}`);
  return (
    <Show when={rows().length > 0}>
      <SmallTable
        title={props.title}
        rows={rows()}
        columns={[
          { title: "Event", cell: (event) => <a href={hrefOf(event)}>{event.id}</a> },
          { title: "Source", cell: (event) => <span class="mono quiet">{event.source}</span> },
        ]}
      />
      <Show when={rest() > 0}>
        <p class="quiet">and {formatNoun(rest(), "more event")}; the journey shows all of them.</p>
      </Show>
    </Show>
  );
}

/** What is open, in a sentence. */
function sayItem(item: OpenItem, titleOf: (side: "a" | "b") => string): string {
  const other = titleOf(item.side === "a" ? "b" : "a");
  const has = item.isMatched
    ? `Both sides state it, and “${titleOf(item.side)}” has ${formatDecimal(item.value.replace("-", ""))} ${sayUnit(item.unit)} more.`
    : `“${titleOf(item.side)}” states it and “${other}” does not.`;
  // What both sides state was seen on both: it is the rest that may still come.
  const isRest = item.isMatched && item.class === "TIMING";
  return `${has} ${isRest ? "The rest may still come within the lag that is allowed." : CLASS_FACES[item.class].meaning}`;
}
