import type { Finding, FindingCode } from "./document.ts";

/** Findings of one document, bounded: what is beyond the limit is counted in the last one. */
export interface FindingList {
  add: (code: FindingCode, place: string, reason: string) => void;
  /** Everything added since the last call. */
  take: () => Finding[];
}

const MAX_PLACE = 120;

export function createFindingList(limit: number): FindingList {
  let found: Finding[] = [];
  let more = 0;
  return {
    add: (code, place, reason) => {
      if (found.length < limit) found.push({ code, place: place.slice(0, MAX_PLACE).toWellFormed(), reason });
      else more++;
    },
    take: () => {
      const taken = found;
      const last = taken.at(-1);
      if (more > 0 && last !== undefined)
        taken[taken.length - 1] = { ...last, reason: `${last.reason}; ${more} more findings follow` };
      found = [];
      more = 0;
      return taken;
    },
  };
}
