import type { Confirmation, Suggestion } from "@throughline/api/contract";

const KINDS: Record<Suggestion["kind"], string> = {
  same_value: "One of each side, of the same value",
  sum_of_two: "Two together make up one of the other side",
};

export function sayKind({ kind }: Suggestion): string {
  return KINDS[kind];
}

/** Tells suggestions apart, as long as their items are open. */
export function toSuggestionKey({ unit, items }: Suggestion): string {
  return [unit, ...items.map(({ side, key, source, id }) => [side, ...key, source, id].join("~"))].join(" ");
}

const STATES: Record<Confirmation["state"], string> = {
  requested: "Wants a second person",
  confirmed: "Confirmed",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
};

export function sayState({ state }: Pick<Confirmation, "state">): string {
  return STATES[state];
}

/** Who asked, and who decided, in one sentence. */
export function sayPeople({ requestedBy, decidedBy, state }: Confirmation): string {
  if (decidedBy === null) return `Requested by ${requestedBy.name}`;
  if (decidedBy.id === requestedBy.id) return `Confirmed by ${requestedBy.name} alone`;
  const verb = state === "rejected" ? "rejected" : "approved";
  return `Requested by ${requestedBy.name}, ${verb} by ${decidedBy.name}`;
}

export type ConfirmationVerb = "approve" | "reject" | "withdraw";

/** What may still be done about a confirmation, by somebody with the rights; never a decision of who requested it. */
export function listVerbs(
  { state, requestedBy }: Pick<Confirmation, "state" | "requestedBy">,
  who: { isMe: (id: string) => boolean; mayDecide: boolean; mayWithdraw: boolean },
): ConfirmationVerb[] {
  const decisions: ConfirmationVerb[] =
    state === "requested" && who.mayDecide && !who.isMe(requestedBy.id) ? ["approve", "reject"] : [];
  const isStanding = state === "requested" || state === "confirmed";
  return isStanding && who.mayWithdraw ? [...decisions, "withdraw"] : decisions;
}
