import { z } from "zod";
import { path, text } from "./config-words.ts";

/** The address of a server in one of these schemes. Who signs in stands beside it, what proves it in a file. */
export const serverUrl = (...schemes: readonly [string, ...string[]]) => {
  const listed = schemes.map((scheme) => `${scheme}://`).join(" or ");
  return z
    .url({ protocol: new RegExp(`^(${schemes.join("|")})$`), error: `must be an address that begins with ${listed}` })
    .refine((value) => URL.canParse(value) && new URL(value).username === "" && new URL(value).password === "", {
      error: "must not hold a user name or password",
    });
};

/** Who signs in, and the file with the password, which its owner alone may read. */
export const login = {
  user: text.optional(),
  passwordFile: path.optional().meta({ description: "Holds the password; only its owner may read it." }),
};

export const caFile = path
  .optional()
  .meta({ description: "Certificates (PEM) that vouch for the server, instead of the system's." });
