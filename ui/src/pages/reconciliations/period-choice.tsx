import { useSearchParams } from "@solidjs/router";
import type { Statement } from "@throughline/api/contract";
import ChevronLeft from "lucide-solid/icons/chevron-left";
import ChevronRight from "lucide-solid/icons/chevron-right";
import { type JSX, Show } from "solid-js";
import { listNeighbours, toDay } from "./period-text.ts";
import "../../parts/field.css";
import "./period-choice.css";

interface PeriodChoiceProps {
  period: Statement["period"];
  readAt: string;
  /** The same page in the period of a day. */
  hrefOf: (day: string) => string;
}

/** The fiscal period before and after, and that of any day. */
export function PeriodChoice(props: PeriodChoiceProps): JSX.Element {
  const [, setSearch] = useSearchParams();
  const neighbours = () => listNeighbours(props.period, props.readAt);
  return (
    <nav class="period-choice" aria-label="Fiscal period">
      <a class="button" href={props.hrefOf(neighbours().before)} aria-label="The period before">
        <ChevronLeft size={16} aria-hidden="true" />
      </a>
      <input
        class="field"
        type="date"
        aria-label="A day of the period"
        value={toDay(props.period)}
        max={toDay({ ...props.period, from: props.readAt })}
        onChange={(event) => event.currentTarget.value !== "" && setSearch({ on: event.currentTarget.value })}
      />
      <Show
        when={neighbours().after}
        fallback={
          <button type="button" class="button" disabled aria-label="The next period has not begun">
            <ChevronRight size={16} aria-hidden="true" />
          </button>
        }
      >
        {(after) => (
          <a class="button" href={props.hrefOf(after())} aria-label="The next period">
            <ChevronRight size={16} aria-hidden="true" />
          </a>
        )}
      </Show>
    </nav>
  );
}
