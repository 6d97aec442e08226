import { z } from "@hono/zod-openapi";
import { FORECAST_LEVELS } from "../forecasts/cohort.ts";

export const forecast = z
  .object({
    chance: z.number().min(0).max(1).meta({ description: "The chance that the leg ends in time." }),
    n: z.int().meta({ description: "Legs like it that had run at least as long." }),
    level: z.enum(FORECAST_LEVELS).meta({ description: "What they have in common besides flow, leg and criticality." }),
    frozenOn: z.iso.date().meta({ description: "The day on which what is known of them was frozen." }),
  })
  .meta({ id: "Forecast", description: "What to expect of an open leg; it never changes a verdict." });

export type Forecast = z.infer<typeof forecast>;
