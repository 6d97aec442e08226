import { duration } from "@throughline/schemas/pack/flow-words";
import { z } from "zod";
import { column, postgresServer } from "./postgres-words.ts";

export const postgresSource = z
  .strictObject({
    kind: z.literal("postgres"),
    ...postgresServer,
    query: z
      .string()
      .min(1)
      .max(20_000)
      .meta({ description: "Gives the rows, without the order and the place to go on from: the collector adds both." }),
    cursor: column.array().min(1).max(8).meta({ description: "Columns by which rows that are new come last." }),
    key: column.array().min(1).max(8).meta({ description: "Columns that tell rows of the same cursor apart." }),
    body: column
      .optional()
      .meta({ description: "The column that holds the document; without it the row is one, as JSON." }),
    every: duration.default("PT5S"),
    batch: z.int().min(1).max(10_000).default(500).meta({ description: "Rows of one query." }),
    patience: duration
      .default("PT30S")
      .meta({ description: "How long after a row others may still appear before it." }),
  })
  .meta({ id: "PostgresSource" });
