import type { Excuse, ExcuseState, NewExcuse } from "@throughline/api/contract";
import { parseWallClock } from "../../format/wall-clock.ts";

export const EXCUSE_STATES = ["requested", "approved", "ended", "rejected", "withdrawn"] as const;

export const STATE_FACES: Record<ExcuseState, { word: string; meaning: string }> = {
  requested: { word: "Requested", meaning: "Waits for another person's approval; it moves nothing yet." },
  approved: { word: "Approved", meaning: "Its time does not count against the legs that it crosses." },
  ended: { word: "Ended", meaning: "The pause was ended; the time up to then does not count." },
  rejected: { word: "Rejected", meaning: "Another person refused it; it moves nothing." },
  withdrawn: { word: "Withdrawn", meaning: "It was taken back; its time counts again." },
};

export const KIND_WORDS: Record<Excuse["kind"], string> = { excuse: "Excuse", pause: "Pause" };

type Covered = Pick<Excuse, "flow" | "leg" | "site" | "supplier" | "source">;

interface FlowNames {
  flowOf: (flow: string) => string;
  legOf: (flow: string, leg: string) => string;
}

/** Which legs a window is for: `Received to posted (Procure to pay), at north, from ACME`. */
export function sayCovered({ flow, leg, site, supplier, source }: Covered, names: FlowNames): string {
  const legs =
    flow === ""
      ? "All legs"
      : leg === ""
        ? `All legs of ${names.flowOf(flow)}`
        : `${names.legOf(flow, leg)} (${names.flowOf(flow)})`;
  const parts = [site && `at ${site}`, supplier && `from ${supplier}`, source && `ended by ${source}`];
  return [legs, ...parts.filter((part) => part !== "")].join(", ");
}

/** What somebody typed into the form for a new window; times as a wall clock shows them. */
export interface ExcuseDraft extends Covered {
  kind: Excuse["kind"];
  from: string;
  until: string;
  reason: string;
}

export type DraftFaults = Partial<Record<keyof ExcuseDraft, string>>;

const MIN_REASON = 3;

/** What is still wrong with a draft, field by field; the API checks all of it again. */
export function listFaults(draft: ExcuseDraft, zone: string): DraftFaults {
  const faults: DraftFaults = {};
  const [from, until] = [parseWallClock(draft.from, zone), parseWallClock(draft.until, zone)];
  if (from === undefined) faults.from = "Say when it begins.";
  if (until === undefined && draft.kind === "excuse") faults.until = "Say when it ends. Only a pause may stay open.";
  if (from !== undefined && until !== undefined && until <= from) faults.until = "It has to end after it begins.";
  if (draft.reason.trim().length < MIN_REASON) faults.reason = "Say why, for who approves it and for auditors.";
  return faults;
}

/** A draft without faults as the API takes it: what is empty is left out. */
export function toNewExcuse(draft: ExcuseDraft, zone: string): NewExcuse {
  const toInstant = (text: string) => new Date(parseWallClock(text, zone) ?? Number.NaN).toISOString();
  const given = (name: "flow" | "leg" | "site" | "supplier" | "source") => {
    const value = draft[name].trim();
    return value === "" ? {} : { [name]: value };
  };
  return {
    kind: draft.kind,
    from: toInstant(draft.from),
    ...(draft.until !== "" && { until: toInstant(draft.until) }),
    reason: draft.reason.trim(),
    ...given("flow"),
    ...given("leg"),
    ...given("site"),
    ...given("supplier"),
    ...given("source"),
  };
}

/** The mistakes that the API found, at the fields that they belong to. */
export function toFaults(errors: readonly { path: string; message: string }[]): DraftFaults {
  return Object.fromEntries(
    errors.flatMap(({ path, message }) => {
      const field = path.split("/")[2];
      return field === undefined ? [] : [[field, `This ${message}.`]];
    }),
  );
}
