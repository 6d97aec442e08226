import type { MatchCause, MatchCode } from "@throughline/schemas/match";

/** What a test compares, where one code stands for several comparisons. */
export const TEST_SUBJECTS = [
  "price",
  "quantity",
  "unit",
  "freight",
  "date",
  "amount",
  "blanket",
  "header",
  "tax",
  "duplicate",
  "order",
  "terms",
] as const;
export type TestSubject = (typeof TEST_SUBJECTS)[number];

/** Something that was tested, whether it passed or not. */
export interface MatchTest {
  code: MatchCode;
  of: TestSubject;
  isBroken: boolean;
  /** Difference, percentage and limit, worked out when somebody asks: most tests pass and nobody does. */
  describe: () => Omit<MatchCause, "code">;
}

/** What becomes of an invoice, a line or an order: the tests that are broken, as causes. */
export function toCauses(tests: readonly MatchTest[]): MatchCause[] {
  return tests.flatMap(({ code, isBroken, describe }) => (isBroken ? [{ code, ...describe() }] : []));
}

/** A test that nothing measures: it is broken as soon as it is named. */
export function toBroken(code: MatchCode, of: TestSubject): MatchTest {
  return { code, of, isBroken: true, describe: () => ({}) };
}
