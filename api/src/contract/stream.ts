import { instant } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";

/**
 * What the stream says, with `kind` as the name of the server-sent event. A notice carries no data: it says that what was
 * shown may be read again. Counts are null for readers with a scope. `resync` says that notices were missed.
 */
export const notice = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("accepted"),
      at: instant,
      events: z.int().nullable(),
      spans: z.int().nullable(),
      quarantined: z.int().nullable(),
    }),
    z.object({ kind: z.literal("evaluated"), at: instant, projector: z.string() }),
    z.object({ kind: z.literal("resync"), at: instant }),
  ])
  .meta({ id: "Notice", description: "That something changed." });

export type Notice = z.infer<typeof notice>;
