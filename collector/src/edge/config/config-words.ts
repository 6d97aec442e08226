import { z } from "zod";

/** A path; a relative one is taken from the folder of the configuration. */
export const path = z.string().min(1).max(4096);
export const text = z.string().min(1).max(512);
export const port = z.int().min(1).max(65_535);

/** Of another system. Credentials have no place in it: they would be shown and logged with it. */
export const address = z
  .url({ protocol: /^https?$/, error: "must be an address that begins with https:// or http://" })
  .refine((value) => URL.canParse(value) && new URL(value).username === "" && new URL(value).password === "", {
    error: "must not hold a user name or password",
  });
