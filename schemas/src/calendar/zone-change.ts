import { Temporal } from "temporal-polyfill";

/** When the clocks of a zone change next. Offsets such as -06:00. */
export interface ZoneChange {
  at: number;
  offsetBefore: string;
  offsetAfter: string;
}

/** The offset of a zone at a moment, such as -06:00. */
export function offsetOf(time: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).offset;
}

/** The first change of a zone's offset after a moment, in milliseconds since 1970 UTC; undefined where none is known. */
export function findZoneChange(time: number, zone: string): ZoneChange | undefined {
  const change = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).getTimeZoneTransition("next");
  if (change === null) return undefined;
  const at = change.epochMilliseconds;
  return { at, offsetBefore: offsetOf(at - 1, zone), offsetAfter: change.offset };
}
