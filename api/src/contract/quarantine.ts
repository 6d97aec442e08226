import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { rangeQuery } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

export const quarantined = z
  .object({
    log: z.string(),
    position: z.string().meta({ description: "A whole number as text." }),
    arrivedAt: instant,
    route: z.string(),
    actor: z.string(),
    source: z.string(),
    site: z.string(),
    domain: z.string(),
    contentType: z.string(),
    code: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })),
    sizeBytes: z.int(),
    digest: z.string().meta({ description: "SHA-256 of the bytes, in hex." }),
    href: z.string(),
  })
  .meta({ id: "Quarantined", description: "What was refused, why, and who sent it." });

export const quarantinedDetail = quarantined
  .extend({ bytes: z.string().meta({ description: "What was sent, in base64." }) })
  .meta({ id: "QuarantinedDetail", description: "What was refused, with its bytes." });

export const quarantineQuery = z.strictObject({
  source: text(512, 1).optional(),
  site: listOf(text(128)),
  domain: listOf(text(64)),
  route: listOf(text(128, 1)),
  code: listOf(text(128, 1)),
  actor: text(128, 1).optional(),
  q: text(200, 1).optional().meta({ description: "Text that the reasons contain, in any case." }),
  ...rangeQuery,
  ...pageQuery,
});

export const quarantinePage = page(quarantined, "What was refused, newest first.").meta({ id: "QuarantinePage" });

export type Quarantined = z.infer<typeof quarantined>;
export type QuarantinedDetail = z.infer<typeof quarantinedDetail>;
export type QuarantineQuery = z.infer<typeof quarantineQuery>;
export type QuarantinePage = z.infer<typeof quarantinePage>;
