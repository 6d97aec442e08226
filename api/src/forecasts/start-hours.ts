const NOON = 12;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** Tells the half day of the week in which a leg starts, by the clock of a zone, such as `Fri pm`. */
export function createStartHours(zone: string): (startedAt: number) => string {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    hourCycle: "h23",
  });
  return (startedAt) => {
    const parts = format.formatToParts(startedAt);
    const read = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
    return `${read("weekday")} ${Number(read("hour")) < NOON ? "am" : "pm"}`;
  };
}

/** The same as SQL over an expression for the time and one for the zone. */
export function toStartHoursSql(startedAt: string, zone: string): string {
  const days = DAYS.map((day) => `'${day}'`).join(", ");
  return `concat([${days}][toDayOfWeek(${startedAt}, 0, ${zone})], if(toHour(${startedAt}, ${zone}) < ${NOON}, ' am', ' pm'))`;
}
