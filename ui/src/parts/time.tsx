import { type JSX, createMemo } from "solid-js";
import { useNow } from "../data/clock.tsx";
import { usePreferences } from "../data/preferences.tsx";
import { formatRelative, formatTime } from "../format/time.ts";

interface TimeProps {
  at: string | number;
  /** `relative` says how far away it is; the others say the time itself. Default `relative`. */
  style?: "relative" | "minute" | "second" | "clock";
}

/** An instant; the full time with its zone is shown on hover. */
export function Time(props: TimeProps): JSX.Element {
  const { zone } = usePreferences();
  const now = useNow();
  const shown = createMemo(() => {
    const style = props.style ?? "relative";
    return style === "relative" ? formatRelative(props.at, now()) : formatTime(props.at, zone(), style);
  });
  return (
    <time class="nowrap" dateTime={new Date(props.at).toISOString()} title={formatTime(props.at, zone(), "full")}>
      {shown()}
    </time>
  );
}
