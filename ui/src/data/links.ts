const API = "/api/v1";

/**
 * The page that shows what a link of the API lists. Pages are named as the API's paths are, except for sources, which
 * are shown as coverage, and interfaces, which are the catalogue. The cut-off of open items is no end of the page's time.
 */
export function toPageHref(apiHref: string): string {
  const path = apiHref.startsWith(API) ? apiHref.slice(API.length) : apiHref;
  if (/^\/reconciliations\/[^/]+\/items\?/.test(path)) return path.replace(/(?<=[?&])to=/, "cutoff=");
  return path.replace(/^\/sources(?=\?|$)/, "/coverage").replace(/^\/interfaces(?=\?|$)/, "/catalogue");
}

/** The page of one object's journey. */
export function toJourneyHref(object: { type: string; id: string }): string {
  return `/journeys/${encodeURIComponent(object.type)}/${encodeURIComponent(object.id)}`;
}

/** Opens an event on the page of a journey by what it was stated under. */
export function toStatedKey(event: { source: string; id: string }): string {
  return `stated~${event.source}~${event.id}`;
}

/** What stands in a part of a path; kept as it is where it is not well encoded. */
export function decodePathPart(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return part ?? "";
  }
}
