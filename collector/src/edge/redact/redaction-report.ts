/** What redaction left out of a document or changed in it. */
export interface RedactionReport {
  /** How many values were left out, by segment and element; names that are no names are counted as `other`. */
  dropped: Record<string, number>;
  /** Of them: those that a list allowed and that have the shape of what names or reaches a person. */
  shapes: number;
  /** Values that became tokens or coarser dates. */
  tokens: number;
  dates: number;
}

const NAME = /^[A-Za-z_][\w:@.-]{0,63}$/;
const MAX_NAMES = 500;
const OTHER = "other";

export function createRedactionReport() {
  const dropped = new Map<string, number>();
  /** The places of elements by segment: the segments of a document are mostly of a few names. */
  const elements = new Map<string, string[]>();
  let shapes = 0;
  let tokens = 0;
  let dates = 0;
  const toPlace = (name: string): string =>
    dropped.has(name) || (NAME.test(name) && dropped.size < MAX_NAMES) ? name : OTHER;
  const toElementPlace = (name: string, at: number): string => {
    let places = elements.get(name);
    if (places === undefined) {
      places = [];
      if (elements.size < MAX_NAMES) elements.set(name, places);
    }
    const known = places[at];
    if (known !== undefined) return known;
    const place = toPlace(`${name}.${at}`);
    if (at < MAX_NAMES) places[at] = place;
    return place;
  };
  return {
    /** A node, or the element of a segment at a number. */
    drop: (name: string, at?: number) => {
      const place = at === undefined ? toPlace(name) : toElementPlace(name, at);
      dropped.set(place, (dropped.get(place) ?? 0) + 1);
    },
    shape: () => void shapes++,
    tokens: () => void tokens++,
    dates: () => void dates++,
    result: (): RedactionReport => ({ dropped: Object.fromEntries(dropped), shapes, tokens, dates }),
  };
}
