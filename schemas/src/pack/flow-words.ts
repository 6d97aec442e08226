import { z } from "zod";

/** A name in a pack. */
export const word = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a lower-case name such as goods-receipt");

/** An exact length of time in ISO 8601: hours, minutes and seconds only, since a day is not always 24 hours. */
export const duration = z
  .string()
  .regex(
    /^PT(?=\d)(\d{1,5}H)?(\d{1,5}M)?(\d{1,5}(\.\d{1,3})?S)?$/,
    "must be an ISO 8601 duration of hours, minutes and seconds, such as PT4H or PT1H30M",
  );

/** A field of an event that conditions may look at. */
export const conditionField = z
  .string()
  .regex(
    /^(outcome|site|source|attributes\.[A-Za-z_][A-Za-z0-9_.-]*)$/,
    "must be outcome, site, source or attributes.<name>",
  );

/** Conditions on an event, all of which must hold: a field (`outcome`, `site`, `attributes.<name>`) and the values it may have. */
export const condition = z.record(conditionField, z.union([z.string(), z.number(), z.boolean()]).array().min(1));

export const attribute = z.string().regex(/^attributes\.[A-Za-z_][A-Za-z0-9_.-]*$/, "must be attributes.<name>");
