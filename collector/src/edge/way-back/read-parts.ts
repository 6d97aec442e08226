import { AppError } from "@throughline/schemas/error";
import { crosswalk } from "@throughline/schemas/pack/crosswalk";
import { documentMapping } from "@throughline/schemas/pack/document-mapping";
import type { WayBackManifest } from "@throughline/schemas/way-back/manifest";
import { z } from "zod";
import type { Applied } from "./applied-file.ts";

/**
 * The parts that a manifest names: those that are known already, and the others from the gateway. Throws `unavailable` for one that cannot be
 * read: then nothing of the manifest is taken.
 */
export async function readParts(
  { parts }: WayBackManifest,
  how: { applied: Applied; takesMappings: boolean; find: (digest: string) => Promise<string> },
): Promise<Pick<Applied, "crosswalks" | "mappings">> {
  const { applied, takesMappings, find } = how;
  const crosswalks =
    parts.crosswalks === applied.parts.crosswalks
      ? applied.crosswalks
      : parse(z.array(crosswalk), await find(parts.crosswalks));
  const mappings =
    !takesMappings || parts.mappings === applied.parts.mappings
      ? applied.mappings
      : parse(z.array(documentMapping), await find(parts.mappings));
  return { crosswalks, mappings };
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new AppError("unavailable", "a part is of a form that this version does not know");
  return parsed.data;
}
