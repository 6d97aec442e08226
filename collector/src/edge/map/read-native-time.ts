import { createTimeReader } from "../../import/read-time.ts";

/** A moment, and whether only its day is known. */
export interface NativeTime {
  time: string;
  isDay: boolean;
}

/** Undefined for what is no moment. */
export type NativeTimeReader = (written: string) => NativeTime | undefined;

const COMPACT =
  /^(?<date>\d{6}|\d{8})(?:(?: |T|(?<=\d{8}))(?<hour>\d\d)(?<minute>\d\d)?(?<second>\d\d)?(?<hundredth>\d{1,2})?(?:\.(?<fraction>\d{1,9}))?)?(?<offset>[+-]\d{4}|Z)?$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const PIVOT = 70;
const MAX_RECENT = 200;

/**
 * Reads times as native documents write them: ISO 8601, and compact ones such as `20260302 0914`, `260302 0914` or
 * `20260302091407.5-0600`. Years of two digits lie between 1970 and 2069. A zone is needed for those without an offset; a day
 * is the moment at which it begins there.
 */
export function createNativeTimeReader(zone: string): NativeTimeReader {
  const readIso = createTimeReader({ zone, format: "iso" });
  const recent = new Map<string, NativeTime | undefined>();
  const read = (written: string): NativeTime | undefined => {
    const text = written.trim();
    const compact = toIso(text);
    const iso = compact ?? text;
    const result = readIso(iso);
    return result.ok ? { time: result.time, isDay: DAY.test(iso) } : undefined;
  };
  // The lines of a document mostly have the same time.
  return (written) => {
    if (recent.has(written)) return recent.get(written);
    const time = read(written);
    if (recent.size >= MAX_RECENT) recent.clear();
    recent.set(written, time);
    return time;
  };
}

function toIso(text: string): string | undefined {
  const groups = COMPACT.exec(text)?.groups;
  const date = groups?.["date"];
  if (groups === undefined || date === undefined) return undefined;
  const full = date.length === 8 ? date : `${Number(date.slice(0, 2)) < PIVOT ? "20" : "19"}${date}`;
  const day = `${full.slice(0, 4)}-${full.slice(4, 6)}-${full.slice(6)}`;
  const { hour, minute = "00", second = "00", hundredth, fraction, offset = "" } = groups;
  if (hour === undefined) return day;
  const part = fraction ?? hundredth;
  return `${day}T${hour}:${minute}:${second}${part === undefined ? "" : `.${part}`}${offset}`;
}
