import { z } from "zod";
import { type Rational, formatDecimal, parseRational } from "../exact/rational.ts";
import type { UnitEquation } from "../exact/units.ts";

const EQUATION = /^(\d{1,18}(?:\.\d{1,18})?) (\S{1,32}) = (\d{1,18}(?:\.\d{1,18})?) (\S{1,32})$/;

/** So many of one unit are so many of another, such as "1 CS = 24 VL" or "3 RL = 7 M". */
export const unitEquation = z
  .string()
  .regex(EQUATION, 'must be an equation such as "1 CS = 24 VL"')
  .meta({ id: "UnitEquation", description: "So many of one unit are so many of another." });

export const unitsFile = z.strictObject({ units: unitEquation.array().max(1000) });

/** Reads an equation; undefined when it is none. A factor of 0 is read too: whoever uses it refuses it. */
export function parseEquation(text: string): UnitEquation | undefined {
  const [, leftValue = "", leftUnit = "", rightValue = "", rightUnit = ""] = EQUATION.exec(text) ?? [];
  const [left, right]: (Rational | undefined)[] = [parseRational(leftValue), parseRational(rightValue)];
  if (left === undefined || right === undefined) return undefined;
  return { left: { value: left, unit: leftUnit }, right: { value: right, unit: rightUnit } };
}

/** As `parseEquation` reads it. */
export function formatEquation({ left, right }: UnitEquation): string {
  return `${formatDecimal(left.value)} ${left.unit} = ${formatDecimal(right.value)} ${right.unit}`;
}
