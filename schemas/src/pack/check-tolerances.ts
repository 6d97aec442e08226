import { z } from "zod";
import { isZero } from "../exact/rational.ts";
import { createUnitBook } from "../exact/units.ts";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import { parseEquation } from "./unit-equation.ts";
import type { YamlFile } from "./yaml-file.ts";

const names = z.array(z.unknown()).optional().catch(undefined);
const ruleDraft = z
  .object({
    companies: names,
    supplierGroups: names,
    itemCategories: names,
    profile: z.string().optional().catch(undefined),
  })
  .nullable()
  .catch(null);
const draft = z.object({
  profiles: z
    .object({ id: z.string().optional().catch(undefined) })
    .nullable()
    .catch(null)
    .array()
    .catch([]),
  rules: ruleDraft.array().catch([]),
});
type Draft = z.infer<typeof draft>;

/** Each profile has an id of its own, each rule names a profile and can be reached, and the last one fits all. */
export function checkTolerances(file: YamlFile): PackIssue[] {
  const parsed = draft.safeParse(file.value);
  return parsed.success ? [...checkProfiles(file, parsed.data), ...checkRules(file, parsed.data)] : [];
}

function checkProfiles(file: YamlFile, { profiles }: Draft): PackIssue[] {
  const seen = new Set<string>();
  return profiles.flatMap((profile, index) => {
    if (profile?.id === undefined) return [];
    if (seen.has(profile.id))
      return [file.issueAt(["profiles", index, "id"], `another profile is called "${profile.id}"`)];
    seen.add(profile.id);
    return [];
  });
}

function checkRules(file: YamlFile, { profiles, rules }: Draft): PackIssue[] {
  const known = profiles.flatMap((profile) => profile?.id ?? []);
  const isForAll = (rule: Draft["rules"][number]) =>
    rule !== null && !rule.companies && !rule.supplierGroups && !rule.itemCategories;
  const first = rules.findIndex(isForAll);
  const unknown = rules.flatMap((rule, index) => {
    if (rule?.profile === undefined || known.includes(rule.profile)) return [];
    const hint = suggest(rule.profile, known);
    return [file.issueAt(["rules", index, "profile"], `no profile "${rule.profile}"`, { hint })];
  });
  const hidden = rules.flatMap((_, index) =>
    first === -1 || index <= first
      ? []
      : [file.issueAt(["rules", index], `this rule is never used: rules[${first}] before it fits every order line`)],
  );
  if (rules.length === 0 || first !== -1) return [...unknown, ...hidden];
  const hint = "end with a rule that names nothing but a profile";
  return [...unknown, file.issueAt(["rules"], "leave order lines without limits", { hint, at: "key" })];
}

const unitsDraft = z.object({ units: z.string().nullable().catch(null).array() });

/** No factor is 0, and none contradicts those before it. */
export function checkUnits(file: YamlFile): PackIssue[] {
  const parsed = unitsDraft.safeParse(file.value);
  if (!parsed.success) return [];
  const equations = parsed.data.units.map((text) => (text === null ? undefined : parseEquation(text)));
  return equations.flatMap((equation, index) => {
    if (equation === undefined) return [];
    const path = ["units", index];
    if (isZero(equation.left.value) || isZero(equation.right.value))
      return [file.issueAt(path, "a factor of 0 converts nothing")];
    const before = equations.slice(0, index).filter((other) => other !== undefined);
    const { contradictions } = createUnitBook(
      before.filter(({ left, right }) => !isZero(left.value) && !isZero(right.value)),
    );
    const book = createUnitBook([...before, equation]);
    const isNew = book.contradictions.includes(equation.left.unit) && !contradictions.includes(equation.left.unit);
    return isNew ? [file.issueAt(path, "contradicts the units before it")] : [];
  });
}
