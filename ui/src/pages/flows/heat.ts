const STEPS = [0.05, 0.15, 0.3];

/** How strongly a share of late legs is coloured, from 0 for none to 4 for more than 30 %; `none` where none was judged. */
export function heatOf(late: number, judged: number): "none" | 0 | 1 | 2 | 3 | 4 {
  if (judged === 0) return "none";
  if (late === 0) return 0;
  const share = late / judged;
  const above = STEPS.filter((step) => share > step).length;
  return above === 0 ? 1 : above === 1 ? 2 : above === 2 ? 3 : 4;
}

/**
 * The same share in whole per cent, to the nearest: a cell has no room for more. It never reads 0 % when one was late, nor
 * 100 % when one was not; undefined where none was judged.
 */
export function formatShare(late: number, judged: number): string | undefined {
  if (judged <= 0) return undefined;
  const percent = Math.round((late / judged) * 100);
  if (percent === 0 && late > 0) return "< 1 %";
  return percent === 100 && late < judged ? "> 99 %" : `${percent} %`;
}
