import { z } from "zod";
import { STOPPING_CODES } from "./match-routing.ts";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

const anything = z.unknown().optional();
const ruleDraft = z
  .object({
    codes: anything,
    companies: anything,
    supplierGroups: anything,
    itemCategories: anything,
    owner: z.string().optional().catch(undefined),
  })
  .nullable()
  .catch(null);
const draft = z.object({
  owners: z
    .object({ id: z.string().optional().catch(undefined) })
    .nullable()
    .catch(null)
    .array()
    .catch([]),
  rules: ruleDraft.array().catch([]),
  nextActions: z.record(z.string(), z.unknown()).optional().catch(undefined),
  acceptance: z
    .object({ currency: z.string().optional().catch(undefined) })
    .nullable()
    .catch(null)
    .array()
    .catch([]),
});
type Draft = z.infer<typeof draft>;

/** Each owner is named once, each rule names one and can be reached, the last one fits all, and no code is without advice. */
export function checkMatchRouting(file: YamlFile): PackIssue[] {
  const parsed = draft.safeParse(file.value);
  if (!parsed.success) return [];
  const { owners, acceptance } = parsed.data;
  const ids = owners.map((owner) => owner?.id);
  const currencies = acceptance.map((limit) => limit?.currency);
  return [
    ...listRepeated(ids).map(({ name, index }) =>
      file.issueAt(["owners", index, "id"], `another owner is called "${name}"`),
    ),
    ...checkRules(file, parsed.data),
    ...checkAdvice(file, parsed.data),
    ...listRepeated(currencies).map(({ name, index }) =>
      file.issueAt(["acceptance", index, "currency"], `there is another limit in ${name}`),
    ),
  ];
}

function listRepeated(names: readonly (string | undefined)[]): { name: string; index: number }[] {
  return names.flatMap((name, index) => (name !== undefined && names.indexOf(name) < index ? [{ name, index }] : []));
}

function checkRules(file: YamlFile, { owners, rules }: Draft): PackIssue[] {
  const known = owners.flatMap((owner) => owner?.id ?? []);
  const first = rules.findIndex(
    (rule) => rule !== null && !rule.codes && !rule.companies && !rule.supplierGroups && !rule.itemCategories,
  );
  const unknown = rules.flatMap((rule, index) => {
    if (rule?.owner === undefined || known.includes(rule.owner)) return [];
    const hint = suggest(rule.owner, known);
    return [file.issueAt(["rules", index, "owner"], `no owner "${rule.owner}"`, { hint })];
  });
  const hidden = rules.flatMap((_, index) =>
    first === -1 || index <= first
      ? []
      : [file.issueAt(["rules", index], `this rule is never used: rules[${first}] before it fits every match`)],
  );
  if (rules.length === 0 || first !== -1) return [...unknown, ...hidden];
  const hint = "end with a rule that names nothing but an owner";
  return [...unknown, file.issueAt(["rules"], "leave matches without an owner", { hint, at: "key" })];
}

function checkAdvice(file: YamlFile, { nextActions }: Draft): PackIssue[] {
  if (nextActions === undefined) return [];
  const missing = STOPPING_CODES.filter((code) => !Object.hasOwn(nextActions, code));
  return missing.length === 0
    ? []
    : [file.issueAt(["nextActions"], `say nothing about ${missing.join(", ")}`, { at: "key" })];
}
