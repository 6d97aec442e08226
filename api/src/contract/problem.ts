import { z } from "@hono/zod-openapi";

/** An error as RFC 9457 has it, with a code for programs and the place of each mistake. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
    requestId: z.string().meta({ description: "Names the request in the log." }),
  })
  .meta({ id: "Problem", description: "An error as RFC 9457 has it." });

export type Problem = z.infer<typeof problem>;
