/** `20260302` and `091407`, in UTC. */
export function toCompactTime(at: number): { date: string; time: string } {
  const text = new Date(at).toISOString().replaceAll(/[-:]/g, "");
  return { date: text.slice(0, 8), time: text.slice(9, 15) };
}

/** Unix milliseconds of such a date and time. */
export function fromCompactTime(date: string, time: string): number {
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
  return Date.parse(`${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6) || "00"}Z`);
}

/** What stands before the first slash, and what stands behind it. */
export function splitId(id: string): [first: string, rest: string] {
  const slash = id.indexOf("/");
  return slash < 0 ? [id, ""] : [id.slice(0, slash), id.slice(slash + 1)];
}

/** Cents of an amount with up to two digits behind its point. */
export function toCents(amount: string): number {
  const [whole = "0", fraction = ""] = amount.split(".");
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0").slice(0, 2));
}
