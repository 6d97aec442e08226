import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { path, text } from "./config-words.ts";

export const directorySource = z
  .strictObject({
    kind: z.literal("directory"),
    path: path.meta({ description: "The directory in which files are dropped." }),
    pattern: text.default("*").meta({ description: "Names that are read; * stands for any text, ? for one sign." }),
    every: duration.default("PT5S").meta({ description: "How often the directory is looked at." }),
    stableFor: duration.default("PT10S").meta({ description: "A file that did not change for so long is whole." }),
    archive: path.optional().meta({ description: "Where files go that were read; without it they are left." }),
  })
  .meta({ id: "DirectorySource" });
