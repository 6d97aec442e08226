/** Bytes that all requests together may hold in memory. */
export interface ByteBudget {
  /** Takes so many bytes; false, and none taken, when they are not there. */
  take(count: number): boolean;
  usedBytes(): number;
  /** A share of the same budget that gives back all it took at once. */
  openShare(): ByteShare;
}

export type ByteShare = ByteBudget & { release(): void };

export function createByteBudget(limitBytes: number): ByteBudget {
  let used = 0;
  const take = (count: number) => {
    if (used + count > limitBytes) return false;
    used += count;
    return true;
  };
  const budget: ByteBudget = {
    take,
    usedBytes: () => used,
    openShare: () => {
      let taken = 0;
      return {
        ...budget,
        take: (count) => {
          if (!take(count)) return false;
          taken += count;
          return true;
        },
        release: () => {
          used -= taken;
          taken = 0;
        },
      };
    },
  };
  return budget;
}
