import type { Segment } from "./x12-segments.ts";

/** What is known of a transaction by its envelopes and its first segments. */
export interface X12Transaction {
  /** ST01, such as `850`. */
  set: string;
  /** Under which it can be remembered in a registry: its control numbers, its group's, and the order that it makes or changes. */
  keys: string[];
  /** The keys of what it answers: the group and transaction of a 997 or 999, the orders of an 855, 856, 810 or 865. */
  answers: string[];
}

/** Where the order number stands, and of whom the order is. */
const ORDERS: Readonly<Record<string, { segment: string; element: number; isOurs: boolean }>> = {
  810: { segment: "BIG", element: 4, isOurs: false },
  850: { segment: "BEG", element: 3, isOurs: true },
  855: { segment: "BAK", element: 3, isOurs: false },
  856: { segment: "PRF", element: 1, isOurs: false },
  860: { segment: "BCH", element: 3, isOurs: true },
  865: { segment: "BCA", element: 3, isOurs: false },
};
const MAX_ANSWERS = 100;
const MAX_PART = 80;

/** Groups the segments from ST to SE; a transaction that does not end is left out. */
export function* listTransactions(
  all: Iterable<Segment>,
): Generator<{ transaction: X12Transaction; segments: readonly Segment[] }> {
  let group: readonly string[] = [];
  let segments: Segment[] = [];
  for (const segment of all) {
    const [id] = segment.elements;
    if (id === "GS") group = segment.elements;
    if (id === "ST") segments = [segment];
    else if (segments.length > 0) segments.push(segment);
    if (id !== "SE" || segments.length === 0) continue;
    yield { transaction: describe(group, segments), segments };
    segments = [];
  }
}

function describe(group: readonly string[], segments: readonly Segment[]): X12Transaction {
  const [, set = "", control] = segments[0]?.elements ?? [];
  const [, kind, sender, receiver, , , groupControl] = group;
  const ours = [sender, receiver];
  const theirs = [receiver, sender];
  const keys = [toKey([...ours, kind, groupControl]), toKey([...ours, kind, groupControl, control])];
  const answers: (string | undefined)[] = set === "997" || set === "999" ? listAnswered(segments, theirs) : [];
  const place = Object.hasOwn(ORDERS, set) ? ORDERS[set] : undefined;
  if (place !== undefined) {
    const orders = segments.filter(({ elements }) => elements[0] === place.segment).slice(0, MAX_ANSWERS);
    const found = orders.map(({ elements }) =>
      toKey([place.isOurs ? sender : receiver, "order", elements[place.element]]),
    );
    (place.isOurs ? keys : answers).push(...found);
  }
  return { set, keys: toDistinct(keys), answers: toDistinct(answers) };
}

/** The transactions that an acknowledgment names, and their group, which an acknowledgment of all names alone. */
function listAnswered(segments: readonly Segment[], parties: readonly (string | undefined)[]): (string | undefined)[] {
  const [, kind, groupControl] = segments.find(({ elements }) => elements[0] === "AK1")?.elements ?? [];
  const named = segments.filter(({ elements }) => elements[0] === "AK2").slice(0, MAX_ANSWERS);
  const transactions = named.map(({ elements }) => toKey([...parties, kind, groupControl, elements[2]]));
  return [...transactions, toKey([...parties, kind, groupControl])];
}

/** Undefined when a part is missing. Parts hold no `/` of their own that is not escaped. */
function toKey(parts: readonly (string | undefined)[]): string | undefined {
  const texts: string[] = [];
  for (const part of parts) {
    const text = part?.trim() ?? "";
    if (text === "" || text.length > MAX_PART) return undefined;
    texts.push(text.replaceAll("%", "%25").replaceAll("/", "%2F"));
  }
  return `x12:${texts.join("/")}`;
}

function toDistinct(keys: readonly (string | undefined)[]): string[] {
  return [...new Set(keys.filter((key) => key !== undefined))];
}
