export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How the wards draw on their stock, hour by hour of the local day; the mean is 1. */
const BY_HOUR = toMeanOne([4, 3, 3, 3, 4, 6, 9, 13, 15, 14, 13, 12, 12, 12, 11, 11, 11, 11, 10, 9, 9, 7, 6, 5]);
const BY_WEEKDAY = toMeanOne([7, 11, 11, 11, 11, 11, 8]);

/** The hospitals' clock, hours behind UTC; it knows no summer time. */
const UTC_OFFSET_HOURS = -5;

/** A factor on demand at a time, 1 for the usual day. */
export type Pace = (at: number) => number;

/** Hour of the hospitals' day, 0 to 23. */
export function toLocalHour(at: number): number {
  return new Date(at + UTC_OFFSET_HOURS * HOUR).getUTCHours();
}

/** Day of the hospitals' week, 0 for Sunday. */
export function toLocalWeekday(at: number): number {
  return new Date(at + UTC_OFFSET_HOURS * HOUR).getUTCDay();
}

/** The next time at which the hospitals' clock shows this hour and minute. */
export function findNextLocal(after: number, hour: number, minute: number): number {
  const localMidnight = Math.floor((after + UTC_OFFSET_HOURS * HOUR) / DAY) * DAY - UTC_OFFSET_HOURS * HOUR;
  const today = localMidnight + hour * HOUR + minute * MINUTE;
  return today > after ? today : today + DAY;
}

/** When so many days of usual demand have passed since `from`, by hour, weekday and pace. */
export function findTimeOfDemand(from: number, days: number, pace: Pace): number {
  let at = from;
  let leftHours = days * 24;
  for (;;) {
    const end = (Math.floor(at / HOUR) + 1) * HOUR;
    const intensity = (BY_HOUR[toLocalHour(at)] ?? 1) * (BY_WEEKDAY[toLocalWeekday(at)] ?? 1) * pace(at);
    const passing = ((end - at) / HOUR) * intensity;
    if (passing >= leftHours) return Math.round(at + (leftHours / intensity) * HOUR);
    leftHours -= passing;
    at = end;
  }
}

function toMeanOne(weights: number[]): number[] {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}
