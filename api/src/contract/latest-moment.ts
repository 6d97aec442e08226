import { instant } from "@throughline/schemas/text";

/** Of an event of which no more than the day is known, the end of that day. */
export const latestMoment = instant.nullable().meta({
  description: "The last moment at which it may have happened, where no more than the day is known; else null.",
});
