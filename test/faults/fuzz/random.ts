import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformFloat32 } from "pure-rand/distribution/uniformFloat32";

/** A whole number below another, the same ones for the same seed. */
export interface Random {
  below: (limit: number) => number;
  of: <Value>(values: readonly Value[]) => Value | undefined;
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number) => (limit <= 1 ? 0 : Math.floor(uniformFloat32(generator) * limit));
  return { below, of: (values) => values[below(values.length)] };
}
