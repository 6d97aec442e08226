import type { EventContent, SentEvent } from "../event.ts";

/** What an emitted event must have; what is not named may be anything. Lists of objects must contain those that are named. */
export interface EventPattern extends EventContent<string> {
  type?: string;
  id?: string;
  time?: string;
  site?: string;
  subject?: string;
  source?: string;
}

type Equals = (left: unknown, right: unknown) => boolean;

export function matchesEvent(event: SentEvent, pattern: EventPattern, equals: Equals): boolean {
  const { type, id, time, site, subject, source, objects = [], measures, attributes, ...rest } = pattern;
  const { data } = event;
  const context = { type, id, time, site, subject, source };
  return (
    contains(event, context, equals) &&
    contains(data, { ...rest }, equals) &&
    contains(data.measures ?? {}, { ...measures }, equals) &&
    contains(data.attributes ?? {}, { ...attributes }, equals) &&
    objects.every((wanted) => (data.objects ?? []).some((object) => contains(object, { ...wanted }, equals)))
  );
}

function contains(actual: object, wanted: Readonly<Record<string, unknown>>, equals: Equals): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => value === undefined || equals(Reflect.get(actual, name), value),
  );
}
