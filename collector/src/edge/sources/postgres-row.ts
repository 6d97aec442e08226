/** A column of a row, by its name and the number of its type. */
export interface PostgresColumn {
  name: string;
  typeId: number;
}

/** Values as PostgreSQL writes them. */
export type PostgresValues = Readonly<Record<string, string | null | undefined>>;

const BYTEA = 17;

/**
 * A row as a JSON document. Numbers stay the text that PostgreSQL writes, so that no digit is lost; times are ISO 8601; JSON stays JSON.
 * `more` stands beside the columns, which go before it.
 */
export function toRowDocument(
  columns: readonly PostgresColumn[],
  values: PostgresValues,
  more: Readonly<Record<string, string>> = {},
): Buffer {
  const members = columns.map(({ name, typeId }) => [name, toMember(values[name], typeId)]);
  return Buffer.from(JSON.stringify({ ...more, ...Object.fromEntries(members) }));
}

/** The document that a column holds. */
export function toBody(columns: readonly PostgresColumn[], values: PostgresValues, name: string): Buffer {
  const text = values[name] ?? "";
  const isBytes = columns.find((each) => each.name === name)?.typeId === BYTEA && text.startsWith("\\x");
  return isBytes ? Buffer.from(text.slice(2), "hex") : Buffer.from(text);
}

const CONVERSIONS: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === "t",
  114: parseJson,
  3802: parseJson,
  1114: toIso,
  1184: toIso,
};

function toMember(value: string | null | undefined, typeId: number): unknown {
  if (value === null || value === undefined) return value;
  return CONVERSIONS[typeId]?.(value) ?? value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toIso(text: string): string {
  return text
    .replace(" ", "T")
    .replace(/[+-]00$/, "Z")
    .replace(/([+-]\d\d)$/, "$1:00");
}
