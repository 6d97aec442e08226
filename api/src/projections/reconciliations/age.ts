/** Bands of age in whole days, each up to and including its last day; the last one has no end. */
export const AGE_BANDS = [
  { band: "0-1", lastDay: 1 },
  { band: "2-7", lastDay: 7 },
  { band: "8-30", lastDay: 30 },
  { band: "31-60", lastDay: 60 },
  { band: "61-90", lastDay: 90 },
  { band: ">90", lastDay: Infinity },
] as const;
export type AgeBand = (typeof AGE_BANDS)[number]["band"];

const DAY_MS = 86_400_000;

/** The band of an item's age. Dates such as "2026-03-31", of one time zone; what lies ahead is of age 0. */
export function findAgeBand(eventDate: string, asOf: string): AgeBand {
  const days = (Date.parse(`${asOf}T00:00:00Z`) - Date.parse(`${eventDate}T00:00:00Z`)) / DAY_MS;
  return AGE_BANDS.find(({ lastDay }) => days <= lastDay)?.band ?? ">90";
}
