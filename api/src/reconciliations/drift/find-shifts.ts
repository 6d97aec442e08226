/** Where the level of a series changed: the index of the first value of the new level. */
export interface Shift {
  index: number;
}

const MAX_VALUES = 2000;
const MAX_CORRELATION = 0.95;
/** Of the logarithm of the length: how much better the fit has to become for one more level. */
const PENALTY = 6;
const KEPT_SHARE = 0.9;
/** Of normal noise: the mean square of the least nine tenths, as a share of that of all. */
const TYPICAL_SHARE = 0.623;

/**
 * Finds where the mean of a series shifted, in the presence of noise that hangs together over time. The correlation of
 * neighbours is estimated from differences over one step and over two, and taken out, after Chakar, Lebarbier, Lévy-Leduc and Robin
 * ("A robust approach for estimating change-points in the mean of an AR(1) process", Bernoulli 23(2), 2017), with trimmed means
 * in place of medians. What is left is cut into levels by optimal partitioning (Jackson et al., IEEE Signal Processing Letters
 * 12(2), 2005) under a penalty for each further level. A level lasts at least `minLength` values, so that nothing short is one;
 * a series without noise or change has none. These are estimates of where, in floating point: no figure is taken from them. Looks
 * at the last 2,000 values, in time quadratic to their number.
 */
export function findShifts(values: readonly number[], minLength: number): Shift[] {
  const recent = values.slice(-MAX_VALUES);
  const offset = values.length - recent.length;
  const scale = Math.max(...recent.map(Math.abs));
  if (recent.length < 2 * minLength || scale === 0 || !Number.isFinite(scale)) return [];
  const scaled = recent.map((value) => value / scale);
  const correlation = findCorrelation(scaled);
  const noise = scaled.slice(1).map((value, index) => value - correlation * (scaled[index] ?? 0));
  const variance = findVariance(noise);
  if (variance === 0) return [];
  const penalty = PENALTY * variance * Math.log(noise.length);
  // The first value has no neighbour before it.
  return partition(noise, { minLength, penalty }).map((cut) => ({ index: offset + cut + 1 }));
}

/** By the differences over two steps and over one, which neither shifts nor single values can move. */
function findCorrelation(values: readonly number[]): number {
  const [one, two] = [findTypical(differ(values, 1)), findTypical(differ(values, 2))];
  if (one === 0) return 0;
  return Math.min(MAX_CORRELATION, Math.max(0, two / one - 1));
}

/** By the usual movements where there are some; else, of a quiet series, by all of them. */
function findVariance(values: readonly number[]): number {
  const differences = differ(values, 1);
  const typical = findTypical(differences);
  return (typical > 0 ? typical / TYPICAL_SHARE : meanOf(differences)) / 2;
}

/** Squares of differences, ascending. */
function differ(values: readonly number[], step: number): number[] {
  const differences = values.slice(step).map((value, index) => (value - (values[index] ?? 0)) ** 2);
  return differences.toSorted((a, b) => a - b);
}

/** The mean without the greatest tenth. */
function findTypical(sorted: readonly number[]): number {
  return meanOf(sorted.slice(0, Math.ceil(sorted.length * KEPT_SHARE)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The cuts that make the sum of squares within levels, with a penalty for each level, the least. */
function partition(
  values: readonly number[],
  { minLength, penalty }: { minLength: number; penalty: number },
): number[] {
  const count = values.length;
  const sums = new Float64Array(count + 1);
  const squares = new Float64Array(count + 1);
  values.forEach((value, index) => {
    sums[index + 1] = (sums[index] ?? 0) + value;
    squares[index + 1] = (squares[index] ?? 0) + value * value;
  });
  const costOf = (from: number, to: number) => {
    const sum = (sums[to] ?? 0) - (sums[from] ?? 0);
    return (squares[to] ?? 0) - (squares[from] ?? 0) - (sum * sum) / (to - from);
  };
  const best = new Float64Array(count + 1).fill(Infinity);
  const last = new Int32Array(count + 1);
  best[0] = -penalty;
  for (let to = minLength; to <= count; to += 1)
    for (let from = 0; from <= to - minLength; from += 1) {
      const cost = (best[from] ?? Infinity) + costOf(from, to) + penalty;
      if (cost < (best[to] ?? Infinity)) {
        best[to] = cost;
        last[to] = from;
      }
    }
  const cuts: number[] = [];
  for (let at = last[count] ?? 0; at > 0; at = last[at] ?? 0) cuts.unshift(at);
  return cuts;
}
