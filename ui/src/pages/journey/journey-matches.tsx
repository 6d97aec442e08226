import type { Journey } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import type { OpenRow } from "../../data/open-row.ts";
import { formatMeasure } from "../../format/measure.ts";
import { formatNoun } from "../../format/number.ts";
import { Section } from "../../parts/section.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { MatchStateMark } from "../matches/match-state.tsx";
import { sayCauses, sayDifference, sayMatch, sayResult } from "../matches/match-text.ts";

const KIND_WORDS = { line: "Line", invoice: "Invoice", order: "Order line" } as const;

/** What came of matching the object with its orders, receipts and invoices. */
export function JourneyMatches(props: {
  journey: Pick<Journey, "matches" | "isTruncated">;
  open: OpenRow;
}): JSX.Element {
  return (
    <Show when={props.journey.matches.length > 0}>
      <Section
        title="Matches"
        note={`${formatNoun(props.journey.matches.length, "result")}${props.journey.isTruncated.matches ? " shown, there are more" : ""}`}
      >
        <SmallTable
          label="Matches"
          rows={props.journey.matches}
          columns={[
            {
              title: "Of",
              cell: (row) => (
                <a href={props.open.hrefOf(`match~${row.id}`)} title={sayMatch(row)}>
                  {KIND_WORDS[row.kind]} {row.kind === "order" ? row.order : row.invoice}
                </a>
              ),
            },
            {
              title: "Result",
              cell: (row) => (
                <Show when={row.work} fallback={<span class="quiet">{sayResult(row)}</span>}>
                  {(work) => <MatchStateMark state={work().state} />}
                </Show>
              ),
            },
            { title: "Why", cell: (row) => sayCauses(row) },
            { title: "Differs by", isWide: true, cell: (row) => (row.causes[0] ? sayDifference(row.causes[0]) : "") },
            {
              title: "Amount",
              align: "end",
              cell: (row) => (row.amount ? <span class="nowrap">{formatMeasure(row.amount)}</span> : ""),
            },
          ]}
        />
      </Section>
    </Show>
  );
}
