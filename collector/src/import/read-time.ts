import type { EventData } from "@throughline/schemas/event";
import { Temporal } from "temporal-polyfill";

/** With what is known of a time that is no more than a date: that it is a day, and of which zone. */
export type TimeResult =
  | { ok: true; time: string; known?: Pick<EventData, "precision" | "zone"> }
  | { ok: false; reason: string };

export interface TimeRule {
  /** IANA zone of times without an offset. */
  zone?: string | undefined;
  /** `iso`, `epoch-seconds`, `epoch-milliseconds`, or a pattern such as `dd.MM.yyyy HH:mm:ss`. */
  format: string;
}

const EXACT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const ISO =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?)? ?(?<offset>[Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** Reads times as files write them, into RFC 3339. Local times become UTC; in a spring gap the later instant counts. */
export function createTimeReader(rule: TimeRule): (time: string | number) => TimeResult {
  if (rule.format === "epoch-seconds") return (time) => readEpoch(time, 1000);
  if (rule.format === "epoch-milliseconds") return (time) => readEpoch(time, 1);
  const toIso = rule.format === "iso" ? (time: string) => time : createPatternReader(rule.format);
  return (time) => {
    if (typeof time === "string" && EXACT.test(time)) return { ok: true, time };
    const written = String(time).trim();
    const iso = toIso(written);
    return iso === undefined ? refuse(written, `is not written as ${rule.format}`) : readIso(iso, written, rule.zone);
  };
}

function readIso(iso: string, written: string, zone: string | undefined): TimeResult {
  const groups = ISO.exec(iso)?.groups;
  if (groups === undefined) return refuse(written, "is not a date and time");
  const { date, hour = "00", minute = "00", second = "00", fraction, offset } = groups;
  const digits = fraction === undefined ? "" : `.${fraction.slice(0, 9)}`;
  const local = `${date}T${hour}:${minute}:${second}${digits}`;
  const isDay = groups["hour"] === undefined;
  if (offset !== undefined)
    return { ok: true, time: local + toOffset(offset), ...(isDay && { known: { precision: "day" } }) };
  if (zone === undefined) return refuse(written, "has no time zone, and the mapping names none (time.zone)");
  try {
    const instant = Temporal.PlainDateTime.from(local, { overflow: "reject" }).toZonedDateTime(zone).toInstant();
    return { ok: true, time: instant.toString(), ...(isDay && { known: { precision: "day", zone } }) };
  } catch {
    return refuse(written, "is no moment that exists");
  }
}

function toOffset(offset: string): string {
  if (offset.toUpperCase() === "Z") return "Z";
  const digits = offset.slice(1).replace(":", "").padEnd(4, "0");
  return `${offset[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function readEpoch(time: string | number, unitMs: number): TimeResult {
  const value = Number(time);
  const date = new Date(Math.round(value * unitMs));
  if (String(time).trim() === "" || Number.isNaN(date.getTime()))
    return refuse(String(time), "is not a number since 1970");
  return { ok: true, time: date.toISOString() };
}

const TOKENS: Record<string, string> = {
  yyyy: String.raw`(?<year>\d{4})`,
  MM: String.raw`(?<month>\d{1,2})`,
  dd: String.raw`(?<day>\d{1,2})`,
  HH: String.raw`(?<hour>\d{1,2})`,
  hh: String.raw`(?<hour>\d{1,2})`,
  mm: String.raw`(?<minute>\d{2})`,
  ss: String.raw`(?<second>\d{2})`,
  SSS: String.raw`(?<fraction>\d{1,9})`,
  a: "(?<half>[AaPp][Mm])",
};

/** A pattern of the tokens above; everything else stands for itself. */
function createPatternReader(pattern: string): (written: string) => string | undefined {
  const source = pattern
    .split(/(yyyy|MM|dd|HH|hh|mm|ss|SSS|a)/)
    .map((part) => TOKENS[part] ?? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join("");
  const expression = new RegExp(`^${source}$`);
  return (written) => {
    const groups = expression.exec(written)?.groups;
    if (groups === undefined) return undefined;
    const { year = "", month = "1", day = "1", minute = "00", second = "00", fraction } = groups;
    const end = fraction === undefined ? "" : `.${fraction}`;
    const date = `${year}-${toTwo(month)}-${toTwo(day)}`;
    if (groups["hour"] === undefined) return date;
    return `${date}T${toTwo(toHour(groups["hour"], groups["half"]))}:${minute}:${second}${end}`;
  };
}

function toTwo(digits: string): string {
  return digits.padStart(2, "0");
}

function toHour(hour: string, half: string | undefined): string {
  if (half === undefined) return hour;
  return String((Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0));
}

function refuse(written: string, reason: string): TimeResult {
  return { ok: false, reason: `the time "${written.slice(0, 60)}" ${reason}` };
}
