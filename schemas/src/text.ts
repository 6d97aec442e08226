import { z } from "zod";

/** A string of well-formed Unicode: no lone surrogate, no NUL, which no store keeps unharmed. */
const WELL_FORMED = "^[^\\u0000\\ud800-\\udfff]*$";

/** Well-formed text of `min` to `max` Unicode characters. */
export function text(max: number, min = 0) {
  const shortest = min === 1 ? "must not be empty" : `must have ${min} characters or more`;
  return z
    .string()
    .min(min, shortest)
    .max(max, `must have ${max} characters or fewer`)
    .regex(new RegExp(WELL_FORMED, "u"), "must be well-formed Unicode without NUL");
}

/** An exact decimal as text: no exponent, at most 30 digits before and 18 after the point. */
export const decimal = z
  .string()
  .regex(/^-?(0|[1-9]\d{0,29})(\.\d{1,18})?$/, 'must be a decimal such as "12.50"')
  .meta({ id: "Decimal", description: "An exact decimal as text, without exponent or leading zeros." });

/** An instant with its offset, RFC 3339, years 1970 to 2199, at most nanosecond digits. */
export const instant = z
  .string()
  .regex(
    /^(19[7-9]\d|20\d\d|21\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/,
    'must be RFC 3339 with a time zone between 1970 and 2199, such as "2026-03-01T09:00:00Z"',
  )
  .meta({ id: "Instant", description: "RFC 3339 date and time with offset." });
