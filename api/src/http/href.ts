type Value = string | number | readonly string[] | undefined;

export const API_BASE = "/api/v1";

/** Path of a list with its parameters: a list of values repeats its name, what is not given is left out. */
export function toHref(path: string, parameters: Readonly<Record<string, Value>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    for (const single of typeof value === "object" ? value : [String(value)]) search.append(name, single);
  }
  const text = search.toString();
  return `${API_BASE}${path}${text === "" ? "" : `?${text}`}`;
}

export function toJourneyHref(object: { type: string; id: string }): string {
  return toHref(`/journeys/${encodeURIComponent(object.type)}/${encodeURIComponent(object.id)}`);
}

export function toTraceHref(traceId: string): string {
  return toHref(`/traces/${encodeURIComponent(traceId)}`);
}
