/** Conditions of a query that are used where their value is given. Keys name the value, texts are constant SQL. */
export type Conditions<Name extends string> = Readonly<Record<Name, string>>;

/**
 * The conditions whose value is given, joined by AND, with their values. An empty list of values means no condition, as
 * in a query string without the parameter.
 */
export function whereGiven<Name extends string>(
  conditions: Conditions<Name>,
  values: Readonly<Partial<Record<Name, unknown>>>,
): { sql: string; values: Record<string, unknown> } {
  const given = Object.entries<string>(conditions).flatMap(([name, sql]) => {
    const value = Object.entries<unknown>(values).find(([key]) => key === name)?.[1];
    return value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [{ name, sql, value }];
  });
  return {
    sql: given.map(({ sql }) => `(${sql})`).join(" AND ") || "1",
    values: Object.fromEntries(given.map(({ name, value }) => [name, value])),
  };
}

/** The condition of a row of `events`: that it had arrived by a moment, where one is given. */
export function whereArrived(asOf: string | undefined): { sql: string; values: Record<string, unknown> } {
  return whereGiven({ asOf: "arrived_at <= {asOf: DateTime64(3, 'UTC')}" }, { asOf: asOf && toStoreTime(asOf) });
}

/** An instant as the store reads it: UTC, to the millisecond, without a zone. */
export function toStoreTime(instant: string | number): string {
  return new Date(instant).toISOString().slice(0, 23).replace("T", " ");
}

/** The same to the second, as columns of minutes and hours have it. */
export function toStoreSecond(instant: string | number): string {
  return toStoreTime(instant).slice(0, 19);
}
