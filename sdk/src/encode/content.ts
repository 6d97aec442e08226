import type { EventContent, EventError, Measure, ObjectRef, Reversal } from "../event.ts";
import type { AllowList } from "./allow-list.ts";
import { toAttributes } from "./attributes.ts";
import { type Tally, toCleanText } from "./text.ts";

const MAX_OBJECTS = 1000;
const MAX_ID = 512;
const MAX_REASON = 1024;
const MAX_CODE = 128;
const MAX_MESSAGE = 4096;

export interface ContentRules {
  source: string;
  isAllowed: AllowList;
  tally: Tally;
}

/** What the host gave cannot be sent; the message says why. */
class InvalidEvent extends Error {}

export function isInvalidEvent(error: unknown): error is Error {
  return error instanceof InvalidEvent;
}

export function refuse(why: string): never {
  throw new InvalidEvent(why);
}

/**
 * Copies what an event may hold, member by member, so that nothing else that the host's objects carry leaves with it.
 * Identifiers and values are never changed; texts for people are cut to their limits.
 */
export function toContent(given: EventContent<string>, rules: ContentRules): EventContent<string> {
  const content: EventContent<string> = {};
  const { objects, outcome, precision, zone, error, attempt, revision, reason, reverses, measures, attributes } = given;
  if (objects !== undefined) content.objects = toObjects(objects);
  if (outcome !== undefined) content.outcome = readWord(outcome, "outcome");
  if (precision !== undefined) content.precision = readWord(precision, "precision");
  if (zone !== undefined) content.zone = readWord(zone, "zone");
  if (error !== undefined) content.error = toError(error, rules.tally);
  if (attempt !== undefined) content.attempt = readCount(attempt, "attempt");
  if (revision !== undefined) content.revision = readCount(revision, "revision");
  if (reason !== undefined) content.reason = toCleanText(readWord(reason, "reason"), MAX_REASON, rules.tally);
  if (reverses !== undefined) content.reverses = toReversal(reverses, rules.source);
  if (measures !== undefined) content.measures = toMeasures(measures);
  if (typeof attributes !== "object" || attributes === null) return content;
  const allowed = toAttributes(attributes, rules.isAllowed, rules.tally);
  if (allowed !== undefined) content.attributes = allowed;
  return content;
}

function toObjects(objects: readonly ObjectRef<string>[]): ObjectRef<string>[] {
  if (!Array.isArray(objects)) refuse("objects must be a list");
  if (objects.length > MAX_OBJECTS) refuse(`objects has more than ${MAX_OBJECTS} entries`);
  const copies: ObjectRef<string>[] = [];
  for (const object of objects) copies.push(toObject(object));
  return copies;
}

function toObject(object: ObjectRef<string>): ObjectRef<string> {
  const { type, id, role } = object;
  if (typeof type !== "string" || typeof id !== "string") refuse("an object's type and id must be text");
  if (id.length === 0 || id.length > MAX_ID) refuse(`an object's id must have 1 to ${MAX_ID} characters`);
  return role === undefined ? { type, id } : { type, id, role: readWord(role, "role") };
}

/** Only what its type promises, so that nothing is sent by mistake. */
function readWord<T extends string>(word: T, name: string): T {
  if (typeof word !== "string") refuse(`${name} must be text`);
  return word;
}

function readFlag(flag: boolean, name: string): boolean {
  if (typeof flag !== "boolean") refuse(`${name} must be true or false`);
  return flag;
}

function readCount(count: number, name: string): number {
  if (!Number.isSafeInteger(count)) refuse(`${name} must be a whole number`);
  return count;
}

function toError(error: EventError, tally: Tally): EventError {
  const copy: EventError = { class: readWord(error.class, "the class of an error") };
  if (error.code !== undefined) copy.code = toCleanText(readWord(error.code, "the code of an error"), MAX_CODE, tally);
  if (error.message !== undefined)
    copy.message = toCleanText(readWord(error.message, "the message of an error"), MAX_MESSAGE, tally);
  if (error.retryable !== undefined) copy.retryable = readFlag(error.retryable, "retryable");
  return copy;
}

function toReversal(reverses: Reversal<string>, source: string): Reversal<string> {
  if (reverses.object !== undefined)
    return { object: toObject(reverses.object), milestone: readWord(reverses.milestone, "the milestone") };
  const id = readWord(reverses.id, "the id of what is reversed");
  return { source: readWord(reverses.source ?? source, "the source of what is reversed"), id };
}

function toMeasures(measures: Readonly<Record<string, Measure>>): Record<string, Measure> {
  const copies: Record<string, Measure> = {};
  for (const name in measures) {
    const measure = Object.hasOwn(measures, name) ? measures[name] : undefined;
    if (measure === undefined) continue;
    if (name === "__proto__") refuse("a measure cannot have this name");
    copies[name] = toMeasure(measure);
  }
  return copies;
}

/** A whole number of any size is exact as text; a number is not, and is left for the gateway to refuse. */
function toMeasure({ value, unit, currency }: { value: unknown; unit?: string; currency?: string }): Measure {
  const exact = typeof value === "bigint" ? value.toString() : value;
  if (typeof exact !== "string") refuse('the value of a measure must be a decimal as text, such as "12.50"');
  if (unit !== undefined) return { value: exact, unit: readWord(unit, "a unit") };
  if (currency !== undefined) return { value: exact, currency: readWord(currency, "a currency") };
  return refuse("a measure needs a unit or a currency");
}
