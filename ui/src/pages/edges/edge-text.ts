import type { Edge, EdgeOrder, NewEdgeOrder } from "@throughline/api/contract";
import { formatDuration } from "../../format/duration.ts";
import { formatNoun, formatPercent } from "../../format/number.ts";
import { parseWallClock } from "../../format/wall-clock.ts";

export const CONDITION_FACES: Record<Edge["condition"], { word: string; meaning: string }> = {
  well: { word: "Well", meaning: "It said lately how it is, and that nothing is wrong." },
  attention: { word: "Look", meaning: "It says that something is wrong, or refuses what the tower says." },
  silent: {
    word: "Silent",
    meaning: "It has not been heard of for longer than it may be: nothing is known of what happened there since.",
  },
  unknown: { word: "Unknown", meaning: "It reports what it applied, and never said how it is." },
};

/** What of the tower's word is in force there: `All of it`, `3 decisions behind`. */
export function sayInForce({ version, latestVersion }: Pick<Edge, "version" | "latestVersion">): string {
  if (version === 0) return "Nothing yet";
  return version >= latestVersion ? "All of it" : `${formatNoun(latestVersion - version, "decision")} behind`;
}

const MAPPING_WORDS: Record<Edge["mappings"], string> = {
  current: "The tower's, as they are now",
  behind: "The tower's, from before they changed",
  own: "Its own; it takes none of the tower's",
  unknown: "It never said so",
};

export function sayMappings({ mappings }: Pick<Edge, "mappings">): string {
  return MAPPING_WORDS[mappings];
}

type Redaction = Edge["redacted"][number]["counts"];

const REDACTION_WORDS: Record<keyof Redaction, string> = {
  identity: "names, addresses, numbers of persons",
  free_text: "free text",
  clinical: "clinical details",
  local: "local extensions",
  unlisted: "others that no list names",
  by_shape: "told by their shape alone",
  tokens: "became tokens",
  dates: "dates made coarser",
};
const CHANGED = ["tokens", "dates"] as const;
const LEFT_OUT = ["identity", "free_text", "clinical", "local", "unlisted"] as const;

/** How many fields were left out, and what they were, most first: what is 0 is not named. */
export function sayRedaction(counts: Redaction): { total: number; parts: { word: string; count: number }[] } {
  const left = LEFT_OUT.map((name) => ({ word: REDACTION_WORDS[name], count: counts[name] }));
  const shapes = { word: REDACTION_WORDS.by_shape, count: counts.by_shape };
  const changed = CHANGED.map((name) => ({ word: REDACTION_WORDS[name], count: counts[name] }));
  const parts = [...left.toSorted((a, b) => b.count - a.count), shapes, ...changed];
  return { total: left.reduce((sum, { count }) => sum + count, 0), parts: parts.filter(({ count }) => count > 0) };
}

/** How full its spool is: `4.2 %`; undefined where it never said so. */
export function saySpool({ spool }: Pick<Edge, "spool">): string | undefined {
  return formatPercent(spool.bytes, spool.maxBytes);
}

const UNSURE = 2;

/** How its clock is: `right within 500 ms`, `3 s behind`, `2 min ahead`; undefined where that is not known. */
export function sayClock({ clock }: Pick<Edge, "clock">): string | undefined {
  if (clock === null) return undefined;
  const offsetMs = Math.round(clock.offsetMs);
  if (Math.abs(offsetMs) <= UNSURE * clock.errorMs)
    return `right within ${formatDuration(Math.max(1, Math.abs(offsetMs) + clock.errorMs))}`;
  return `${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? "behind" : "ahead"}`;
}

export const ORDER_STATES = [
  "proposed",
  "ordered",
  "fetched",
  "done",
  "refused",
  "rejected",
  "expired",
  "withdrawn",
] as const;

export const ORDER_FACES: Record<EdgeOrder["state"], { word: string; meaning: string }> = {
  proposed: { word: "Proposed", meaning: "Waits for another person's approval; no edge is told of it." },
  ordered: { word: "Waiting", meaning: "Approved. An edge with this interface finds it when it asks." },
  fetched: { word: "Fetched", meaning: "An edge has it, and has not said yet that it is done." },
  done: { word: "Done", meaning: "The edge sent what it names. What had arrived before counts once." },
  refused: { word: "Failed", meaning: "The edge could not carry it out; it says why." },
  rejected: { word: "Rejected", meaning: "Another person refused it; no edge was told of it." },
  expired: { word: "Ran out", meaning: "No edge carried it out in time." },
  withdrawn: { word: "Withdrawn", meaning: "It was taken back before an edge had it." },
};

/** Which documents an order is for, in a zone: `3 kept documents`, `all raw documents of 2 Mar, 08:00 to 12:00`. */
export function sayTarget({ target }: Pick<EdgeOrder, "target">, formatAt: (at: string) => string): string {
  if (target.kind === "kept") return formatNoun(target.ids.length, "kept document");
  return `raw documents from ${formatAt(target.from)} to ${formatAt(target.to)}`;
}

/** What somebody typed into the form for an order; times as a wall clock shows them. */
export interface OrderDraft {
  interface: string;
  site: string;
  kind: "range" | "kept";
  from: string;
  to: string;
  /** One id a line. */
  ids: string;
  /** The revision under which they are mapped again; empty: as they were. */
  revision: string;
  reason: string;
}

export const EMPTY_ORDER: OrderDraft = {
  interface: "",
  site: "",
  kind: "range",
  from: "",
  to: "",
  ids: "",
  revision: "",
  reason: "",
};

export type OrderFaults = Partial<Record<keyof OrderDraft, string>>;

const MIN_REASON = 3;
const MAX_IDS = 100;

/** What is still wrong with a draft, field by field; the API checks all of it again. */
export function listOrderFaults(draft: OrderDraft, zone: string): OrderFaults {
  const faults: OrderFaults = {};
  if (draft.interface.trim() === "") faults.interface = "Say which interface it is about.";
  const [from, to] = [parseWallClock(draft.from, zone), parseWallClock(draft.to, zone)];
  if (draft.kind === "range") {
    if (from === undefined) faults.from = "Say from when.";
    if (to === undefined) faults.to = "Say up to when.";
    if (from !== undefined && to !== undefined && to <= from) faults.to = "It has to end after it begins.";
  } else {
    const { length } = toIds(draft.ids);
    if (length === 0) faults.ids = "Name them as the edge lists them, one a line.";
    if (length > MAX_IDS) faults.ids = `An order names ${MAX_IDS} documents at most.`;
  }
  if (draft.revision.trim() !== "" && !/^[1-9]\d{0,8}$/.test(draft.revision.trim()))
    faults.revision = "This is a whole number from 1 on.";
  if (draft.reason.trim().length < MIN_REASON) faults.reason = "Say why, for who approves it and for auditors.";
  return faults;
}

/** A draft without faults as the API takes it. */
export function toNewOrder(draft: OrderDraft, zone: string): NewEdgeOrder {
  const toInstant = (text: string) => new Date(parseWallClock(text, zone) ?? Number.NaN).toISOString();
  const reason = draft.reason.trim();
  const number = Number(draft.revision.trim());
  const target: NewEdgeOrder["target"] =
    draft.kind === "range"
      ? { kind: "range", from: toInstant(draft.from), to: toInstant(draft.to) }
      : { kind: "kept", ids: toIds(draft.ids) };
  return {
    interface: draft.interface.trim(),
    ...(draft.site.trim() !== "" && { site: draft.site.trim() }),
    target,
    ...(number > 0 && { mappedAgain: { number, reason } }),
    reason,
  };
}

/** The mistakes that the API found, at the fields that they belong to. */
export function toOrderFaults(errors: readonly { path: string; message: string }[]): OrderFaults {
  const fields: Readonly<Record<string, keyof OrderDraft>> = { mappedAgain: "revision" };
  return Object.fromEntries(
    errors.flatMap(({ path, message }) => {
      const [, , first = "", second = ""] = path.split("/");
      const field = first === "target" ? second : (fields[first] ?? first);
      return field === "" ? [] : [[field, `This ${message}.`]];
    }),
  );
}

function toIds(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter((each) => each !== ""))];
}
