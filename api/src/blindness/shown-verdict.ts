/** Verdicts that hold only while the feed of the leg's end is heard. */
export const BLINDABLE = ["OPEN", "AT_RISK", "PAUSED", "OVERDUE_PROVISIONAL"] as const;

/**
 * Verdicts are shown through what is blind: a leg without an end whose feed is silent is UNKNOWN, whatever was last
 * evaluated. These expressions say so over rows of `leg_verdicts`, `leg_dates`, `leg_rollups` and `leg_minutes`, by their
 * `flow`, `leg`, `site` and `supplier`; what they name is filled in by the reader of `createSeeingReader`, so that every
 * question sees the same.
 */
const BLIND_GROUP = toGroup("blind");

const IS_BLIND = `verdict IN (${BLINDABLE.map((verdict) => `'${verdict}'`).join(", ")})
  AND notEmpty({blindLegs: Array(String)}) AND ${BLIND_GROUP} != 0`;

/** The verdict of a row of `leg_verdicts` as it is shown. */
export const SHOWN_VERDICT = `if(isNull(ended_at) AND ${IS_BLIND}, 'UNKNOWN', verdict)`;

/** The verdict of a row of `leg_rollups` as it is shown. */
export const SHOWN_COUNTED_VERDICT = `if(ended = 0 AND ${IS_BLIND}, 'UNKNOWN', verdict)`;

/** The reason of a row of `leg_verdicts`; of one that is UNKNOWN, who is silent since when. */
export const SHOWN_REASON = `if(isNull(ended_at) AND ${IS_BLIND},
  arrayElement({blindReasons: Array(String)}, ${BLIND_GROUP}), reason)`;

/** The store takes no more than 128 KiB in one parameter, so hours are spread over so many. */
export const HOUR_PARTS = 8;

const UNSEEN_HOURS = Array.from(
  { length: HOUR_PARTS },
  (_, part) => `{unseenHours${part}: Array(Tuple(UInt32, UInt32, UInt32))}`,
).join(", ");

/**
 * True of what is dated in an hour in which a feed of the leg's end was silent. Compliance, error budgets and burn leave it
 * out, by the same hours, so that what one of them counts the others do too.
 */
function isUnseenIn(hour: string): string {
  return `(notEmpty({unseenLegs: Array(String)}) AND (${toGroup("unseen")}, toUInt32(intDiv(toUnixTimestamp(${hour}), 3600))) IN (
    SELECT stretch.1, arrayJoin(range(stretch.2, stretch.3))
    FROM (SELECT arrayJoin(arrayConcat(${UNSEEN_HOURS})) AS stretch)))`;
}

/** Of a row of `leg_verdicts`. */
export const IS_UNSEEN = isUnseenIn("dated_at");

/** Of a row of counts by hour. */
export const IS_COUNTED_UNSEEN = isUnseenIn("hour");

/** Of a row of counts by minute. */
export const IS_MINUTE_UNSEEN = isUnseenIn("minute");

/** The group of a row in a `BlindMap`, as `findGroup` has it. */
function toGroup(prefix: "blind" | "unseen"): string {
  const list = (name: string, type: "String" | "UInt32") => `{${prefix}${name}: Array(${type})}`;
  const look = (key: string, [from, to]: readonly [string, string], otherwise: string) =>
    `transform(${key}, ${list(from, "String")}, ${list(to, "UInt32")}, ${otherwise})`;
  const legClass = look("concat(flow, '\\x1f', leg)", ["Legs", "Classes"], "toUInt32(0)");
  const atSite = `concat(toString(${legClass}), '\\x1f', site)`;
  const others = `arrayElement(${list("Others", "UInt32")}, ${legClass})`;
  return look(
    `concat(${atSite}, '\\x1f', supplier)`,
    ["Suppliers", "SupplierGroups"],
    look(atSite, ["Sites", "SiteGroups"], others),
  );
}
