import { z } from "zod";
import { caFile, login, serverUrl } from "./server-words.ts";

/** How a database of PostgreSQL is reached. */
export const postgresServer = {
  url: serverUrl("postgres", "postgresql").meta({ description: "The server and its database." }),
  ...login,
  tls: z.boolean().default(true).meta({ description: "Encrypted, and the server's certificate is checked." }),
  caFile,
};

export const column = z.string().min(1).max(63);

/** A name that needs no quotes. */
export const plainName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, "must be a lower-case name of letters, digits and underscores");
