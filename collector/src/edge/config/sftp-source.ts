import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { path, port, text } from "./config-words.ts";

export const sftpSource = z
  .strictObject({
    kind: z.literal("sftp"),
    host: text,
    port: port.default(22),
    user: text,
    hostKey: z
      .string()
      .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, "must be a fingerprint such as ssh-keygen -lf prints: SHA256:…")
      .meta({ description: "Of the server's key; another server is not spoken to." }),
    keyFile: path.optional().meta({ description: "Holds the private key; only its owner may read it." }),
    passwordFile: path.optional().meta({ description: "Holds the password, or that of the key beside it." }),
    path: text.meta({ description: "The directory on the server in which files are dropped." }),
    pattern: text.default("*").meta({ description: "Names that are read; * stands for any text, ? for one sign." }),
    every: duration.default("PT1M").meta({ description: "How often the directory is looked at." }),
    stableFor: duration.default("PT30S").meta({ description: "A file that did not change for so long is whole." }),
    archive: text
      .optional()
      .meta({ description: "Where files go on the server that were read; without it they are left." }),
  })
  .refine(({ keyFile, passwordFile }) => keyFile !== undefined || passwordFile !== undefined, {
    path: ["keyFile"],
    error: "or passwordFile has to say how to sign in",
  })
  .meta({ id: "SftpSource" });
