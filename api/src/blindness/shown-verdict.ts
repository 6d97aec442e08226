/** Verdicts that hold only while the feed of the leg's end is heard. */
export const BLINDABLE = ["OPEN", "AT_RISK", "PAUSED", "OVERDUE_PROVISIONAL"] as const;

/**
 * Verdicts are shown through what is blind: a leg without an end whose feed is silent is UNKNOWN, whatever was last
 * evaluated. These expressions say so over `leg_verdicts` and `leg_rollups`; the cells that they name are filled in by the
 * reader of `createSeeingReader`, so that every question sees the same.
 */
const IS_BLIND = `verdict IN (${BLINDABLE.map((verdict) => `'${verdict}'`).join(", ")})
  AND (flow, leg, site) IN {blindCells: Array(Tuple(String, String, String))}`;

/** The verdict of a row of `leg_verdicts` as it is shown. */
export const SHOWN_VERDICT = `if(isNull(ended_at) AND ${IS_BLIND}, 'UNKNOWN', verdict)`;

/** The verdict of a row of `leg_rollups` as it is shown. */
export const SHOWN_COUNTED_VERDICT = `if(ended = 0 AND ${IS_BLIND}, 'UNKNOWN', verdict)`;

/** The reason of a row of `leg_verdicts`; of one that is UNKNOWN, who is silent since when. */
export const SHOWN_REASON = `if(isNull(ended_at) AND ${IS_BLIND},
  arrayElement({blindReasons: Array(String)}, indexOf({blindCells: Array(Tuple(String, String, String))}, (flow, leg, site))), reason)`;

const UNSEEN_HOURS = "{blindHours: Array(Tuple(String, String, String, DateTime('UTC')))}";

/**
 * True of what is dated in an hour in which a feed of the leg's end was silent. Compliance, error budgets and burn leave it
 * out, by the same hours, so that what one of them counts the others do too.
 */
function isUnseenIn(hour: string): string {
  return `((flow, leg, site, ${hour}) IN ${UNSEEN_HOURS})`;
}

/** Of a row of `leg_verdicts`. */
export const IS_UNSEEN = isUnseenIn("toStartOfHour(dated_at)");

/** Of a row of counts by hour. */
export const IS_COUNTED_UNSEEN = isUnseenIn("hour");

/** Of a row of counts by minute. */
export const IS_MINUTE_UNSEEN = isUnseenIn("toStartOfHour(minute)");
