import type { Scope } from "@throughline/schemas/clickhouse/scope";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import type { MatchItem } from "../contract/match.ts";
import type { MatchDerivation, MatchDocument } from "../contract/match-work.ts";
import { toJourneyHref } from "../http/href.ts";
import type { ExplainedDocument } from "../projections/matches/explain-document.ts";
import type {
  ExplainedInvoice,
  ExplainedLine,
  ExplainedOrder,
  ExplainedTerms,
} from "../projections/matches/explain-match.ts";
import type { MatchTest } from "../projections/matches/match-test.ts";
import type { MatchSlot } from "./match-id.ts";
import { toEventKey } from "./read-history.ts";

type Line = MatchDerivation["lines"][number];

/** An explanation of an invoice, or of one of its order lines, as it travels. */
export function toInvoiceDerivation(
  explained: ExplainedInvoice,
  { slot, item, scope }: { slot: MatchSlot; item: MatchItem; scope: Scope },
): MatchDerivation {
  const isOfSlot = ({ match }: ExplainedLine) =>
    slot.order_line === "" ? match.lines[0] === slot.line : match.order === slot.order_line;
  const isWhole = slot.kind === "invoice";
  const lines = isWhole ? explained.lines : explained.lines.filter(isOfSlot);
  const judged = isWhole ? explained.match : lines[0]?.match;
  return {
    isSame: judged !== undefined && isSameResult(judged, item),
    profile: explained.match.profile,
    tests: explained.tests.map(toTest),
    parts: explained.parts,
    lines: lines.map((line) => toLine(line, scope)),
  };
}

/** An explanation of an order line, as it travels. */
export function toOrderDerivation(
  explained: ExplainedOrder,
  { item, scope }: { item: MatchItem; scope: Scope },
): MatchDerivation {
  const { match, tests, documents } = explained;
  return {
    isSame: isSameResult(match, item),
    profile: match.profile,
    tests: tests.map(toTest),
    parts: [],
    lines: [
      {
        order: match.order,
        href: toJourneyHref({ type: "purchase_order_line", id: match.order }),
        profile: match.profile,
        outcome: match.outcome,
        terms: toTerms(explained.terms),
        figures: null,
        tests: [],
        billed: null,
        documents: documents.map((document) => toDocument(document, { order: match.order, scope })),
      },
    ],
  };
}

function isSameResult(judged: Pick<MatchItem, "outcome" | "causes">, item: MatchItem): boolean {
  const toText = (causes: MatchItem["causes"]) => canonicalize(JSON.parse(JSON.stringify(causes)));
  return judged.outcome === item.outcome && toText(judged.causes) === toText(item.causes);
}

function toLine({ match, terms, tests, billed, documents }: ExplainedLine, scope: Scope): Line {
  const of = { order: match.order, scope };
  return {
    order: match.order === "" ? null : match.order,
    href: match.order === "" ? null : toJourneyHref({ type: "purchase_order_line", id: match.order }),
    profile: match.profile,
    outcome: match.outcome,
    terms: terms ? toTerms(terms) : null,
    figures: match.figures ? { ...match.figures } : null,
    tests: tests.map(toTest),
    billed: toDocument(billed, of),
    documents: documents.map((document) => toDocument(document, of)),
  };
}

function toTest({ code, of, isBroken, describe }: MatchTest): MatchDerivation["tests"][number] {
  return { code, of, isBroken, ...describe() };
}

function toTerms({ price, basis, ...rest }: ExplainedTerms): NonNullable<Line["terms"]> {
  return { ...rest, price: price ?? null, basis: basis ?? null };
}

/** What is of a site that the reader does not see keeps its figures, which the result is made of, and loses its names. */
function toDocument(
  { type, id, event, site, document, at, ...said }: ExplainedDocument,
  { order, scope }: { order: string; scope: Scope },
): MatchDocument {
  const isSeen = scope.sites === "*" || scope.sites.includes(site);
  const object = type === "" ? { type: "purchase_order_line", id: order } : { type, id };
  return {
    kind: said.kind,
    id: isSeen ? id : null,
    document: isSeen && document !== "" ? document : null,
    at: new Date(at).toISOString(),
    stated: said.stated,
    quantity: said.quantity ?? null,
    amount: said.amount ?? null,
    factor: said.factor ?? null,
    leftOut: said.leftOut ?? null,
    href: isSeen ? toJourneyHref(object) : null,
    event: isSeen && event ? toEventKey(event) : null,
  };
}
