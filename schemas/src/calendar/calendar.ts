import { z } from "zod";

const startOfShift = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 08:00");
const endOfShift = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "must be a time of day such as 17:00 or 24:00");
const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "must be a day such as 2026-07-03");

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** Hours of one day, local; an end at or before the start is the next day's. */
const shift = z
  .strictObject({ from: startOfShift, to: endOfShift })
  .refine(({ from, to }) => from !== to, "must not begin and end at the same time");

const ZONE_NAME = /^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/;
const MAX_ZONES = 1000;
const zones = new Map<string, boolean>();

/** True for a zone of the IANA database; offsets such as +02:00 are none, since they know no daylight saving. */
export function isZone(zone: string): boolean {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const isOne = ZONE_NAME.test(zone) && isKnown(zone);
  // To ask the database takes as long as all else that is asked of an event.
  if (zones.size >= MAX_ZONES) zones.clear();
  zones.set(zone, isOne);
  return isOne;
}

function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).format(0) !== "";
  } catch {
    return false;
  }
}

export const zone = z
  .string()
  .refine(isZone, "must be a time zone of the IANA database, such as America/Chicago")
  .meta({ id: "Zone", description: "A time zone of the IANA database." });

export const calendar = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a lower-case name such as us-business"),
    title: z.string().min(1).max(80),
    zone,
    shifts: z.partialRecord(z.enum(WEEKDAYS), z.array(shift).min(1).max(8)),
    holidays: z
      .strictObject({ country: z.string().regex(/^[A-Z]{2}$/), region: z.string().min(1).max(10).optional() })
      .optional()
      .meta({
        description: "Public holidays of a country, and of one of its regions; days on which they are observed count.",
      }),
    closed: z.array(day).max(1000).default([]).meta({ description: "Further days without shifts." }),
    open: z.array(day).max(1000).default([]).meta({ description: "Holidays on which work goes on." }),
  })
  .refine(({ shifts }) => Object.keys(shifts).length > 0, {
    path: ["shifts"],
    message: "must have a shift on at least one weekday",
  })
  .meta({ id: "Calendar", description: "When work is done: shifts by weekday in a zone, without holidays." });

export type Calendar = z.infer<typeof calendar>;
