import type { FinanceSeat } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatMeasures } from "../../format/measure.ts";
import { formatCount, formatMoney, formatNoun } from "../../format/number.ts";
import { Figure } from "../../parts/figure.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { OUTCOME_WORDS } from "../matches/match-text.ts";
import { SeatBody, SeatLag, SeatLinks } from "./seat-frame.tsx";
import "./seats.css";

type Figures = NonNullable<FinanceSeat["figures"]>;
type Money = Figures["commitments"][number];

const REFRESH_MS = 15_000;
const GR_IR = "/reconciliations/receipts-to-invoices";

/** What is bound, owed and blocked, and whose it is to settle. */
export function FinanceSeatPage(): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/seats/finance",
    () => ({ query: { ...(scope.sites().length > 0 && { site: scope.sites() }) } }),
    () => ({ isKept: true, refreshMs: REFRESH_MS }),
  );
  return (
    <Page
      title="Finance"
      note="commitments, receipts, liabilities and exceptions, as they stand now"
      actions={<SeatLinks />}
    >
      <SeatBody what="The seat" read={read} seat={read.isSuccess ? read.data : undefined}>
        {(seat) => (
          <>
            <SeatLag pendingSince={seat.reconciler?.pendingSince} />
            <Show when={seat.figures}>{(figures) => <FinanceFigures figures={figures()} />}</Show>
          </>
        )}
      </SeatBody>
    </Page>
  );
}

function FinanceFigures(props: { figures: Figures }): JSX.Element {
  return (
    <div class="seat-grid">
      <Positions figures={props.figures} />
      <Blocked figures={props.figures} />
      <Owners figures={props.figures} />
    </div>
  );
}

/** Money by currency, one beside the other and never added up. */
function Positions(props: { figures: Figures }): JSX.Element {
  const scope = useScope();
  const currencies = () => {
    const { commitments, owed, unreceived } = props.figures;
    return [...new Set([...commitments, ...owed, ...unreceived].map(({ currency }) => currency))].toSorted();
  };
  const of = (list: readonly Money[], currency: string, what: string) => (
    <Amount money={list.find((money) => money.currency === currency)} what={what} />
  );
  return (
    <Section
      title="Commitments and liabilities"
      note="by invoices that were entered, at the orders' prices; the accrual list goes by postings"
      actions={
        <span class="seat-actions">
          <a href={scope.linkTo(`${GR_IR}/accruals`)}>Accruals at a cut-off</a>
          <a href={scope.linkTo(`${GR_IR}/statement`)}>GR/IR statement</a>
        </span>
      }
    >
      <Show when={currencies().length > 0} fallback={<p class="quiet">Nothing is on order, owed or unreceived.</p>}>
        <SmallTable
          label="Commitments and liabilities by currency"
          rows={currencies()}
          columns={[
            { title: "Currency", cell: (currency) => (currency === "" ? "none stated" : currency) },
            { title: "Ordered, to come", align: "end", cell: (row) => of(props.figures.commitments, row, "ordered") },
            { title: "of it overdue", align: "end", cell: (row) => of(props.figures.overdue, row, "overdue") },
            { title: "Received, not invoiced", align: "end", cell: (row) => of(props.figures.owed, row, "owed") },
            {
              title: "Invoiced, not received",
              align: "end",
              cell: (row) => of(props.figures.unreceived, row, "unreceived"),
            },
          ]}
        />
      </Show>
      <Show when={props.figures.unknown.value > 0}>
        <p class="seat-unknown">
          <a href={toPageHref(props.figures.unknown.href)}>{formatNoun(props.figures.unknown.value, "order line")}</a>{" "}
          of which unit, price or currency are not known: they are in none of these amounts.
        </p>
      </Show>
    </Section>
  );
}

function Amount(props: { money: Money | undefined; what: string }): JSX.Element {
  return (
    <Show when={props.money} fallback={<span class="quiet">none</span>}>
      {(money) => (
        <a
          class="seat-amount"
          href={toPageHref(money().lines.href)}
          title={`Show the order lines: ${props.what}, in ${money().currency}`}
        >
          {formatMoney(money().value, money().currency)}
          <span class="quiet"> {formatNoun(money().lines.value, "line")}</span>
        </a>
      )}
    </Show>
  );
}

function Blocked(props: { figures: Figures }): JSX.Element {
  return (
    <Section title="Kept from being paid" note="what nobody accepted; an invoice counts once in the money">
      <Show
        when={props.figures.blocked.length > 0}
        fallback={<p class="quiet">Nothing keeps an invoice from being paid.</p>}
      >
        <SmallTable
          label="Kept from being paid, by outcome"
          rows={props.figures.blocked}
          columns={[
            { title: "Outcome", cell: (row) => OUTCOME_WORDS[row.outcome] },
            {
              title: "Results",
              align: "end",
              cell: (row) => (
                <Figure figure={row.results} of={`results that are ${OUTCOME_WORDS[row.outcome]}`} isExact />
              ),
            },
            { title: "Not paid", align: "end", cell: (row) => formatMeasures(row.stakes) },
          ]}
        />
      </Show>
    </Section>
  );
}

function Owners(props: { figures: Figures }): JSX.Element {
  const total = () => props.figures.owners.reduce((sum, { results }) => sum + results.value, 0);
  return (
    <Show when={props.figures.owners.length > 0}>
      <Section title="Exceptions by owner" note={`${formatCount(total())} to settle`}>
        <SmallTable
          label="Exceptions by owner"
          rows={props.figures.owners}
          columns={[
            { title: "Owner", cell: (row) => row.owner?.title ?? <span class="seat-late">nobody</span> },
            {
              title: "To settle",
              align: "end",
              cell: (row) => <Figure figure={row.results} of={`results of ${row.owner?.title ?? "nobody"}`} isExact />,
            },
            { title: "Not paid", align: "end", cell: (row) => formatMeasures(row.stakes) },
          ]}
        />
      </Section>
    </Show>
  );
}
