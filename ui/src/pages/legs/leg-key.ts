import type { Leg } from "@throughline/api/contract";

/** What names one leg of one instance. */
export interface LegKey {
  flow: string;
  leg: string;
  occurrence: number;
  type: string;
  id: string;
}

/** A leg's name as one text for the URL; the id stands last, since it alone may hold any character. */
export function toLegKey(leg: Pick<Leg, "flow" | "leg" | "occurrence" | "instance">): string {
  return [leg.flow, leg.leg, String(leg.occurrence), leg.instance.type, leg.instance.id].join("~");
}

/** Reads what `toLegKey` wrote; undefined for anything else. */
export function parseLegKey(text: string | undefined): LegKey | undefined {
  const match = /^([^~]+)~([^~]+)~(\d+)~([^~]+)~(.+)$/s.exec(text ?? "");
  if (match === null) return undefined;
  const [, flow = "", leg = "", occurrence = "0", type = "", id = ""] = match;
  return { flow, leg, occurrence: Number(occurrence), type, id };
}
