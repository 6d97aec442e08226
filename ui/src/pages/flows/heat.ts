const STEPS = [0.05, 0.15, 0.3];

/** How strongly a share of late legs is coloured, from 0 for none to 4 for more than 30 %; `none` where none was judged. */
export function heatOf(late: number, judged: number): "none" | 0 | 1 | 2 | 3 | 4 {
  if (judged === 0) return "none";
  if (late === 0) return 0;
  const share = late / judged;
  const above = STEPS.filter((step) => share > step).length;
  return above === 0 ? 1 : above === 1 ? 2 : above === 2 ? 3 : 4;
}
