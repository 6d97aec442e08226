import { z } from "zod";

/** A path; a relative one is taken from the folder of the configuration. */
export const path = z.string().min(1).max(4096);
export const text = z.string().min(1).max(512);
export const port = z.int().min(1).max(65_535);
