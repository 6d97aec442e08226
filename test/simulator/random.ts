import { uniformFloat32 } from "pure-rand/distribution/uniformFloat32";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Draws that depend on nothing but a seed and a name. */
export interface Random {
  /** True with this probability. */
  isHit(probability: number): boolean;
  between(min: number, max: number): number;
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number;
  /** Between `min` and `max`, most often near `usual`: the triangular distribution. */
  around(min: number, usual: number, max: number): number;
  pick<T>(list: readonly T[]): T;
  hex(digits: number): string;
}

/** A stream of draws of its own for each name, so that a new use of chance changes no other. */
export function createRandom(seed: number, name: string): Random {
  const generator = xoroshiro128plus(hash(`${seed}/${name}`));
  const unit = () => uniformFloat32(generator);
  unit();
  unit();
  const whole = (min: number, max: number) => min + Math.floor(unit() * (max - min + 1));
  return {
    isHit: (probability) => unit() < probability,
    between: (min, max) => min + unit() * (max - min),
    whole,
    around: (min, usual, max) => toTriangular(unit(), { min, usual, max }),
    pick: (list) => {
      const found = list[whole(0, list.length - 1)];
      if (found === undefined) throw new RangeError("Nothing to pick from");
      return found;
    },
    hex: (digits) => Array.from({ length: digits }, () => whole(0, 15).toString(16)).join(""),
  };
}

function toTriangular(unit: number, { min, usual, max }: { min: number; usual: number; max: number }): number {
  const span = max - min;
  if (span <= 0) return min;
  const turn = (usual - min) / span;
  if (unit < turn) return min + Math.sqrt(unit * span * (usual - min));
  return max - Math.sqrt((1 - unit) * span * (max - usual));
}

/** FNV-1a, mixed once more so that names which differ in one digit do not start alike. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return value ^ (value >>> 13);
}
