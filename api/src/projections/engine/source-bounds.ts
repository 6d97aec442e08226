/** Up to which watermarks of sources all legs that wait for them are in memory. */
export interface SourceBounds {
  /** Infinity when all are. */
  boundOf: (source: string) => number;
  /** Takes in what is left in memory where legs were forgotten. */
  lower: (bounds: ReadonlyMap<string, number>) => void;
  /**
   * Takes away the bounds that watermarks have passed, once all is woken that was in memory, and returns them: what lies
   * beyond is to be read. `findNext` is the least watermark of a source that is waited for in memory.
   */
  liftPassed: (
    watermarkOf: (source: string) => number,
    findNext: (source: string) => number | undefined,
  ) => ReadonlyMap<string, number>;
}

export function createSourceBounds(): SourceBounds {
  const bounds = new Map<string, number>();
  const boundOf = (source: string) => bounds.get(source) ?? Infinity;
  return {
    boundOf,
    lower: (found) => {
      for (const [source, bound] of found) bounds.set(source, Math.min(boundOf(source), bound));
    },
    liftPassed: (watermarkOf, findNext) => {
      const passed = [...bounds].filter(
        ([source, bound]) => watermarkOf(source) > bound + 1 && (findNext(source) ?? Infinity) > bound,
      );
      for (const [source] of passed) bounds.delete(source);
      return new Map(passed);
    },
  };
}
