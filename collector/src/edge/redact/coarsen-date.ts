/** What remains of a date that leads to a patient. */
export type DatePrecision = "day" | "month" | "year" | "none";

const DATE = /^(?<year>\d{4})-?(?<month>\d\d)?-?(?<day>\d\d)?/;

/** An ISO date of the given precision; undefined when nothing may remain or the text is no date. */
export function coarsenDate(text: string, precision: DatePrecision): string | undefined {
  const groups = DATE.exec(text.trim())?.groups;
  if (groups === undefined || precision === "none") return undefined;
  const { year, month, day } = groups;
  if (precision === "year" || month === undefined) return year;
  return precision === "month" || day === undefined ? `${year}-${month}` : `${year}-${month}-${day}`;
}
