import { z } from "zod";
import { column, plainName, postgresServer } from "./postgres-words.ts";

export const postgresReplicationSource = z
  .strictObject({
    kind: z.literal("postgres-replication"),
    ...postgresServer,
    slot: plainName.meta({ description: "Of this interface alone; made when it is not there." }),
    publication: plainName.meta({ description: "Names the tables. Is there already." }),
    operations: z
      .array(z.enum(["insert", "update", "delete"]))
      .min(1)
      .default(["insert"]),
    body: column
      .optional()
      .meta({ description: "The column that holds the document; without it the row is one, as JSON." }),
    warnRetainedBytes: z
      .int()
      .min(1)
      .default(1_073_741_824)
      .meta({ description: "A person is told when the slot makes the server keep more." }),
  })
  .meta({ id: "PostgresReplicationSource" });
