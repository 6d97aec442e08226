/** Asks the server how far it has come; the answer says whether all of that is taken by now. */
export type Look = () => Promise<() => boolean>;

/**
 * Up to when everything that a server had is taken: what it had at a moment is asked for, and once that is taken the moment counts.
 * So it goes on under load too, when the server never is empty.
 */
export function createCompleteness(now: () => number) {
  let completeAt: number | undefined;
  let target: { at: number; isTaken: () => boolean } | undefined;
  const check = () => {
    if (target === undefined || !target.isTaken()) return;
    completeAt = target.at;
    target = undefined;
  };
  return {
    completeAt: () => completeAt,
    /** Something was taken. */
    check,
    /** Asks again, unless what was asked for before is not taken yet. */
    look: async (look: Look): Promise<void> => {
      check();
      if (target !== undefined) return;
      const at = now();
      target = { at, isTaken: await look() };
      check();
    },
    /** All until this moment is taken, as the source knows by itself. */
    reach: (at: number) => {
      completeAt = Math.max(completeAt ?? at, at);
    },
    /** The connection is gone, and with it what was counted. */
    forget: () => {
      target = undefined;
    },
  };
}
