import { accessKey, principal } from "@throughline/schemas/access";
import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";

export const me = principal
  .extend({
    via: z.enum(["key", "session"]),
    expiresAt: instant.nullable().meta({ description: "When the session ends; null for a key." }),
  })
  .meta({ id: "Me", description: "Who asks, and what they may do and see." });

/** A one-time code of a sign-in link, or the text of a key. */
export const newSession = z
  .union([z.strictObject({ code: text(200, 1) }), z.strictObject({ key: text(200, 1) })])
  .meta({ id: "NewSession", description: "A one-time code of a sign-in link, or a key." });

export const sessionState = z
  .object({ isSignedIn: z.boolean() })
  .meta({ id: "SessionState", description: "Whether the browser that asks holds a session." });

export const createdKey = z
  .object({ key: accessKey, text: z.string().meta({ description: "Shown here and never again." }) })
  .meta({ id: "CreatedKey", description: "A new key with its text." });

export const keyList = z
  .object({ items: z.array(accessKey) })
  .meta({ id: "KeyList", description: "Keys, newest first." });

export type Me = z.infer<typeof me>;
export type SessionState = z.infer<typeof sessionState>;
export type NewSession = z.infer<typeof newSession>;
export type CreatedKey = z.infer<typeof createdKey>;
export type KeyList = z.infer<typeof keyList>;
