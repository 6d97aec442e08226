const API = "/api/v1";

/**
 * The page that shows what a link of the API lists. Pages are named as the API's paths are, except for sources, which
 * are shown as coverage, and interfaces, which are the catalogue.
 */
export function toPageHref(apiHref: string): string {
  const path = apiHref.startsWith(API) ? apiHref.slice(API.length) : apiHref;
  return path.replace(/^\/sources(?=\?|$)/, "/coverage").replace(/^\/interfaces(?=\?|$)/, "/catalogue");
}

/** The page of one object's journey. */
export function toJourneyHref(object: { type: string; id: string }): string {
  return `/journeys/${encodeURIComponent(object.type)}/${encodeURIComponent(object.id)}`;
}

/** What stands in a part of a path; kept as it is where it is not well encoded. */
export function decodePathPart(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return part ?? "";
  }
}
