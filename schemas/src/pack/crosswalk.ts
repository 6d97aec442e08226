import { z } from "zod";
import { codeSystem, CROSSWALK_KINDS, crosswalkEntry, crosswalkName } from "../crosswalk-entry.ts";

export const CROSSWALK_LIMITS = { entries: 200_000 };

export const crosswalk = z
  .strictObject({
    name: crosswalkName,
    title: z.string().min(1).max(120),
    kind: z.enum(CROSSWALK_KINDS),
    version: z.int().min(1).default(1),
    system: codeSystem.optional().meta({
      description:
        "Into which numbering it translates; reversible entries are read towards it. Without it, as they are written.",
    }),
    missing: z
      .enum(["fail", "keep"])
      .default("fail")
      .meta({ description: "What becomes of a value that is not in the table: a mapping failure, or itself." }),
    entries: crosswalkEntry.array().max(CROSSWALK_LIMITS.entries),
  })
  .meta({ id: "Crosswalk", description: "What the codes of others are called here, with effective days." });

export type Crosswalk = z.infer<typeof crosswalk>;
