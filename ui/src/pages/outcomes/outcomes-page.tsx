import { useSearchParams } from "@solidjs/router";
import type { OutcomeItem, Outcomes, OutcomesQuery } from "@throughline/api/contract";
import { type Accessor, For, type JSX, Show, createMemo } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import { toQuery } from "../../data/client.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { createRead } from "../../data/read.ts";
import { one, useScope } from "../../data/scope.tsx";
import { formatTime } from "../../format/time.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { ListBody } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { OutcomeDrawer } from "./outcome-drawer.tsx";
import { OutcomeTable } from "./outcome-table.tsx";
import { DEFAULT_DAYS, PERIODS } from "./outcome-text.ts";
import "./outcomes-page.css";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Periods end with an hour; what arrives late changes little. */
const REFRESH_MS = 5 * 60_000;

/** What the work is for, in figures: each beside its baseline, with what it is made of. */
export function OutcomesPage(): JSX.Element {
  const open = createOpenRow();
  const query = createOutcomesQuery();
  const read = createRead(
    "/outcomes",
    () => ({ query: query() }),
    () => ({ isKept: true, refreshMs: REFRESH_MS, staleMs: REFRESH_MS }),
  );
  const items = (): readonly OutcomeItem[] => (read.isSuccess ? read.data.items : []);
  const opened = () => items().find(({ id }) => id === open.key());
  return (
    <ListPage
      title="Outcomes"
      note={<Show when={read.isSuccess && read.data}>{(outcomes) => <PeriodNote outcomes={outcomes()} />}</Show>}
      actions={
        <>
          <PeriodChoice />
          <ExportMenu href={(format) => `/api/v1/outcomes${toQuery({ ...query(), format })}`} />
        </>
      }
      filters={<></>}
      drawer={
        <Show when={opened()}>
          {(figure) => <OutcomeDrawer figure={figure()} closeHref={open.hrefOf(undefined)} />}
        </Show>
      }
    >
      <div class="outcomes-scroll" tabIndex={0} role="region" aria-label="Figures of outcomes">
        <ListBody
          what="The outcomes"
          read={read}
          isEmpty={items().length === 0}
          emptyTitle="No outcome is described."
          emptyText={<p>The figures come with the tower.</p>}
        >
          <OutcomeTable items={items()} open={open} />
        </ListBody>
      </div>
    </ListPage>
  );
}

function PeriodNote(props: { outcomes: Outcomes }): JSX.Element {
  const { zone } = usePreferences();
  const say = ({ from, to }: Outcomes["period"]) =>
    `${formatTime(from, zone(), "date")} to ${formatTime(to, zone(), "date")}`;
  return (
    <>
      {say(props.outcomes.period)}, beside {say(props.outcomes.baseline)}
      {props.outcomes.isLikeForLike ? "" : "; weekdays do not weigh the same"}. No claim of cause.
    </>
  );
}

function PeriodChoice(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const chosen = () => toDays(one(search.days));
  return (
    <span class="outcome-periods" role="group" aria-label="Length of the period">
      <For each={PERIODS}>
        {({ days, title }) => (
          <button
            type="button"
            class="button"
            data-look={chosen() === days ? "plain" : "bare"}
            aria-pressed={chosen() === days}
            onClick={() => setSearch({ days: days === DEFAULT_DAYS ? undefined : days })}
          >
            {title}
          </button>
        )}
      </For>
    </span>
  );
}

/** The period as the URL has it, up to the hour that runs, or that of the moment that is shown. */
function createOutcomesQuery(): Accessor<Partial<OutcomesQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  const now = useNow();
  const hour = createMemo(() => Math.floor((scope.asOf() ?? now()) / HOUR_MS) * HOUR_MS);
  return createMemo(() => {
    const sites = scope.sites();
    return {
      from: new Date(hour() - toDays(one(search.days)) * DAY_MS).toISOString(),
      to: new Date(hour()).toISOString(),
      ...(sites.length > 0 && { site: sites }),
      ...scope.asOfQuery(),
    };
  });
}

function toDays(text: string | undefined): number {
  return PERIODS.find(({ days }) => String(days) === text)?.days ?? DEFAULT_DAYS;
}
