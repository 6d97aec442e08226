/** A value as a file holds it. Numbers that a double cannot hold exactly stay text. */
export type FieldValue = string | number | boolean | readonly string[];

export type Fields = ReadonlyMap<string, FieldValue>;

/** An object that a record names, with the type and the id of the file. */
export interface FileObject {
  type: string;
  id: string;
  role: string | undefined;
}

/** What a file says happened, before any mapping. */
export interface ActivityRecord {
  kind: "activity";
  activity: string;
  /** As written in the file. */
  time: string | number;
  case: Fields;
  event: Fields;
  objects: readonly FileObject[];
}

/** A record that is an event already. */
export interface EventRecord {
  kind: "event";
  event: unknown;
}

/** A record that cannot be read; the rest of the file can. */
export interface UnreadableRecord {
  kind: "unreadable";
  reason: string;
}

export type FileRecord = ActivityRecord | EventRecord | UnreadableRecord;

/** An object that a file describes apart from its events. */
export interface ObjectDescription {
  kind: "object";
  id: string;
  type: string;
  /** Each change of an attribute; `time` is empty for what has always been so. */
  attributes: readonly { name: string; time: string; value: FieldValue }[];
  relations: number;
}

/** Reads text piece by piece; the pieces may be cut anywhere. Returns what each piece completes, in the order of the file. */
export interface Parser<Item> {
  write: (text: string) => Item[];
  end: () => Item[] | Promise<Item[]>;
}

/** The longest stretch of a file, in characters, that may pass before something in it is complete. */
export const MAX_ITEM_CHARACTERS = 32_000_000;

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** A number when the double that it becomes says the same as the text, else the text. */
export function toExactNumber(text: string): number | string {
  if (!NUMBER.test(text)) return text;
  const written = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  const value = Number(text);
  return String(value) === written ? value : text;
}

/** Adds a value; a second one under the same name makes a list of both. */
export function addField(fields: Map<string, FieldValue>, name: string, value: FieldValue): void {
  const present = fields.get(name);
  if (present === undefined) fields.set(name, value);
  else fields.set(name, [present, value].flat().map(String));
}
