import Clock from "lucide-solid/icons/clock";
import { For, type JSX, Show, createMemo, createSignal } from "solid-js";
import { useNow } from "../data/clock.tsx";
import { usePreferences } from "../data/preferences.tsx";
import { useScope } from "../data/scope.tsx";
import { PRESETS, type TimeRange, titleOfPreset } from "../data/time-range.ts";
import { formatTime, formatZone, isKnownZone } from "../format/time.ts";
import { parseWallClock } from "../format/wall-clock.ts";
import { Button } from "../parts/button.tsx";
import { Popover } from "../parts/popover.tsx";
import { createKey } from "./keyboard.tsx";
import { MomentChoice } from "./moment-choice.tsx";
import "../parts/field.css";
import "./range-menu.css";

const ZONES = [
  "UTC",
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Phoenix",
  "America/Los_Angeles",
  "Europe/London",
  "Europe/Berlin",
];

/** The time range of the page and the zone of its times. */
export function RangeMenu(): JSX.Element {
  const scope = useScope();
  const { zone } = usePreferences();
  const now = useNow();
  const [isOpen, setOpen] = createSignal(false);
  createKey("t", "Change the time range", () => setOpen(true));
  const zoneName = createMemo(() => formatZone(zone(), now() - (now() % 3_600_000)));
  return (
    <Popover
      name="Time range and time zone"
      class="top-button"
      isOpen={isOpen()}
      onOpenChange={setOpen}
      label={
        <>
          <Clock size={15} aria-hidden="true" />
          <span class="nowrap">{titleOfRange(scope.range(), zone())}</span>
          <span class="quiet wide-only">{zoneName()}</span>
        </>
      }
    >
      {(close) => (
        <RangePanel
          chosen={scope.range()}
          onDone={close}
          onChoose={(range) => {
            scope.setRange(range);
            close();
          }}
        />
      )}
    </Popover>
  );
}

interface RangePanelProps {
  chosen: TimeRange;
  onChoose: (range: TimeRange) => void;
  onDone: () => void;
}

function RangePanel(props: RangePanelProps): JSX.Element {
  const isChosen = (preset: string): boolean => props.chosen.kind === "last" && props.chosen.preset === preset;
  return (
    <div class="range-panel">
      <div class="range-presets">
        <For each={PRESETS}>
          {(preset) => (
            <button
              type="button"
              class="menu-item"
              aria-pressed={isChosen(preset)}
              onClick={() => props.onChoose({ kind: "last", preset })}
            >
              {titleOfPreset(preset)}
            </button>
          )}
        </For>
        <button
          type="button"
          class="menu-item"
          aria-pressed={props.chosen.kind === "all"}
          onClick={() => props.onChoose({ kind: "all" })}
        >
          All time
        </button>
      </div>
      <div class="range-own">
        <OwnRange onChoose={props.onChoose} />
        <MomentChoice onDone={props.onDone} />
        <ZoneChoice />
      </div>
    </div>
  );
}

function OwnRange(props: { onChoose: (range: TimeRange) => void }): JSX.Element {
  const [from, setFrom] = createSignal("");
  const [to, setTo] = createSignal("");
  const { zone } = usePreferences();
  const range = createMemo((): TimeRange | undefined => {
    const fromMs = parseWallClock(from(), zone());
    const toMs = parseWallClock(to(), zone());
    return fromMs !== undefined && toMs !== undefined && fromMs < toMs ? { kind: "between", fromMs, toMs } : undefined;
  });
  return (
    <form
      class="range-form"
      onSubmit={(event) => {
        event.preventDefault();
        const chosen = range();
        if (chosen !== undefined) props.onChoose(chosen);
      }}
    >
      <label>
        From
        <input
          class="field"
          type="datetime-local"
          value={from()}
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
      </label>
      <label>
        To
        <input class="field" type="datetime-local" value={to()} onInput={(event) => setTo(event.currentTarget.value)} />
      </label>
      <Show when={from() !== "" && to() !== "" && range() === undefined}>
        <p class="range-fault" role="alert">
          The end has to lie after the start.
        </p>
      </Show>
      <Button type="submit" look="solid" disabled={range() === undefined}>
        Apply
      </Button>
    </form>
  );
}

function ZoneChoice(): JSX.Element {
  const { zone, setZone } = usePreferences();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = () => [...new Set([own, zone(), ...ZONES])].filter(isKnownZone);
  return (
    <label class="range-zone">
      Times shown in
      <select class="field" value={zone()} onChange={(event) => setZone(event.currentTarget.value)}>
        <For each={zones()}>
          {(name) => <option value={name}>{name === own ? `${name} (this computer)` : name}</option>}
        </For>
      </select>
    </label>
  );
}

function titleOfRange(range: TimeRange, zone: string): string {
  if (range.kind === "last") return titleOfPreset(range.preset);
  if (range.kind === "all") return "All time";
  return `${formatTime(range.fromMs, zone)} to ${formatTime(range.toMs, zone)}`;
}
