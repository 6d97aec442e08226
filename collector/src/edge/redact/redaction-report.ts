/** What redaction left out of a document or changed in it. */
export interface RedactionReport {
  /** How many values were left out, by segment and element; names that are no names are counted as `other`. */
  dropped: Record<string, number>;
  /** Values that became tokens or coarser dates. */
  tokens: number;
  dates: number;
}

const NAME = /^[A-Za-z_][\w:@.-]{0,63}$/;
const MAX_NAMES = 500;
const OTHER = "other";

export function createRedactionReport() {
  const dropped = new Map<string, number>();
  let tokens = 0;
  let dates = 0;
  return {
    drop: (name: string) => {
      const isKnown = dropped.has(name) || (NAME.test(name) && dropped.size < MAX_NAMES);
      const place = isKnown ? name : OTHER;
      dropped.set(place, (dropped.get(place) ?? 0) + 1);
    },
    tokens: () => void tokens++,
    dates: () => void dates++,
    result: (): RedactionReport => ({ dropped: Object.fromEntries(dropped), tokens, dates }),
  };
}
