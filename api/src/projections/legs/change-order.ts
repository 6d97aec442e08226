/** What states an order, or states it anew from its time on. */
export interface OrderWord {
  /** In milliseconds since 1970 UTC. */
  time: number;
  isChange: boolean;
}

/** In the order of time. At one moment a change comes behind the order, whichever arrived first or has the smaller id. */
export function compareWords(a: OrderWord, b: OrderWord): number {
  return a.time - b.time || Number(a.isChange) - Number(b.isChange);
}
