import type { NativeDocument, NativeNode } from "../formats/document.ts";
import { cutElement, fits, readElementText } from "../map/find-value.ts";
import type { AllowList, AllowRule } from "./allow-list.ts";
import { coarsenDate, type DatePrecision } from "./coarsen-date.ts";
import { hasPersonalShape } from "./personal-shape.ts";
import { createRedactionReport, type RedactionReport } from "./redaction-report.ts";
import { type TokenKey, toToken } from "./token.ts";

export interface RedactionPolicy {
  /** Without a key, what would become a token is dropped. */
  key?: TokenKey | undefined;
  /** What remains of dates that lead to a patient; the day unless given. */
  dates?: DatePrecision | undefined;
}

export interface RedactedDocument {
  document: NativeDocument;
  /** What was left out, by segment or element: names and counts, never what stood there. */
  report: RedactionReport;
}

/** A copy of a document that holds only what its allow-list names. */
export function redactDocument(
  document: NativeDocument,
  allowed: AllowList,
  policy: RedactionPolicy,
): RedactedDocument {
  const report = createRedactionReport();
  const work: Work = { document, allowed, policy, report };
  const root = redactNode(work, document.root, []) ?? { name: document.root.name, children: [] };
  const control = Object.fromEntries(
    Object.entries(document.control).filter(([name, value]) => {
      const isPersonal = hasPersonalShape(value);
      if (isPersonal) report.drop(name);
      return !isPersonal;
    }),
  );
  const id = redactId(document, policy);
  return { document: { ...document, id, control, root }, report: report.result() };
}

function redactId({ id, isIdPersonal }: NativeDocument, { key }: RedactionPolicy): string | undefined {
  if (id === undefined) return undefined;
  if (isIdPersonal === true) return key === undefined ? undefined : toToken(key, id);
  return hasPersonalShape(id) ? undefined : id;
}

interface Work {
  document: NativeDocument;
  allowed: AllowList;
  policy: RedactionPolicy;
  report: ReturnType<typeof createRedactionReport>;
}

/** What remains of a node and of those in it; undefined when nothing does. `around` holds the nodes above, outermost first. */
function redactNode(work: Work, node: NativeNode, around: readonly NativeNode[]): NativeNode | undefined {
  const rules = findRules(work, node, around);
  const inside = [...around, node];
  const children: NativeNode[] = [];
  for (const child of node.children) {
    const kept = redactNode(work, child, inside);
    if (kept !== undefined) children.push(kept);
  }
  const own = redactOwn(work, node, rules);
  if (own === undefined && children.length === 0 && around.length > 0) return undefined;
  return { name: node.name, ...own, children };
}

const NO_RULES: readonly AllowRule[] = [];

/** The rules whose names and conditions fit the node and what is around it. */
function findRules({ allowed, document }: Work, node: NativeNode, around: readonly NativeNode[]): readonly AllowRule[] {
  const rules = allowed.get(node.name) ?? NO_RULES;
  const fitsAll = ({ steps }: AllowRule) => {
    for (let above = 0; above < steps.length; above++) {
      const step = steps[steps.length - 1 - above];
      const at = above === 0 ? node : around[around.length - above];
      if (step === undefined || at?.name !== step.name || !fits(document, at, step.test)) return false;
    }
    return true;
  };
  // The rules of a segment mostly have the same condition: then the list itself is handed on, with what is known of it.
  return rules.every(fitsAll) ? rules : rules.filter(fitsAll);
}

function redactOwn(
  work: Work,
  node: NativeNode,
  rules: readonly AllowRule[],
): Pick<NativeNode, "elements" | "attributes" | "text"> | undefined {
  const elements = node.elements === undefined ? undefined : redactElements(work, node.elements, rules);
  const text =
    node.text === undefined
      ? undefined
      : redactText(work, node.name, { text: node.text, rule: rules.find(({ value }) => value.kind === "text") });
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    const rule = rules.find((entry) => entry.value.kind === "attribute" && entry.value.name === name);
    const kept = redactText(work, `${node.name}@${name}`, { text: value, rule });
    if (kept !== undefined) attributes[name] = kept;
  }
  const hasAttributes = Object.keys(attributes).length > 0;
  if (elements === undefined && text === undefined && !hasAttributes) return undefined;
  return {
    ...(elements === undefined ? {} : { elements }),
    ...(text === undefined ? {} : { text }),
    ...(hasAttributes ? { attributes } : {}),
  };
}

function redactText(
  work: Work,
  place: string,
  { text, rule }: { text: string; rule: Pick<AllowRule, "action"> | undefined },
): string | undefined {
  if (text.trim() === "") return undefined;
  const kept = rule === undefined ? undefined : apply(work, text, rule);
  if (kept === undefined) work.report.drop(place);
  return kept;
}

function apply({ policy, report }: Work, text: string, { action }: Pick<AllowRule, "action">): string | undefined {
  if (action === "token") {
    if (policy.key === undefined) return undefined;
    report.tokens();
    return toToken(policy.key, text.trim());
  }
  if (action === "date") {
    report.dates();
    return coarsenDate(text, policy.dates ?? "day");
  }
  return hasPersonalShape(text) ? undefined : text;
}

const qualifiersOf = new WeakMap<readonly AllowRule[], ReadonlySet<string>>();

function listQualifiers(rules: readonly AllowRule[]): ReadonlySet<string> {
  const known = qualifiersOf.get(rules);
  if (known !== undefined) return known;
  const found = new Set(rules.flatMap(({ value }) => (value.kind === "qualified" ? [value.qualifier] : [])));
  qualifiersOf.set(rules, found);
  return found;
}

/** The elements that may leave, in their places; the others are empty. Undefined when none may. */
function redactElements(work: Work, elements: readonly string[], rules: readonly AllowRule[]): string[] | undefined {
  const name = elements[0] ?? "";
  const kept: string[] = [name];
  const qualifiers = listQualifiers(rules);
  let hasAny = false;
  for (let at = 1; at < elements.length; at++) {
    const text = elements[at] ?? "";
    if (text === "") kept.push("");
    else {
      const value = redactElement(work, { text, at, before: elements[at - 1] ?? "", rules, qualifiers });
      if (value === undefined) work.report.drop(`${name}.${at}`);
      else hasAny = true;
      kept.push(value ?? "");
    }
  }
  return hasAny ? kept : undefined;
}

function redactElement(
  work: Work,
  { text, at, before, rules, qualifiers }: ElementAt & { before: string; qualifiers: ReadonlySet<string> },
): string | undefined {
  const whole = rules.find(({ value }) => value.kind === "element" && value.at === at && value.component === 0);
  if (whole !== undefined) return apply(work, text, whole);
  if (rules.some(({ value }) => value.kind === "element" && value.at === at))
    return redactComponents(work, { text, at, rules });
  if (qualifiers.has(text)) return text;
  return qualifiers.has(before) ? apply(work, text, { action: "keep" }) : undefined;
}

interface ElementAt {
  text: string;
  at: number;
  rules: readonly AllowRule[];
}

/** Of the first repetition, the components that may leave. */
function redactComponents(work: Work, { text, at, rules }: ElementAt): string | undefined {
  const { separators } = work.document;
  if (separators === undefined) return undefined;
  const kept: string[] = [];
  for (const rule of rules) {
    const { value } = rule;
    if (value.kind !== "element" || value.at !== at) continue;
    const applied = redactComponent(work, text, rule);
    if (applied !== undefined) kept[value.component - 1] = applied;
  }
  if (kept.length === 0) return undefined;
  return Array.from(kept, (component) => component ?? "").join(separators.component);
}

/** A component as written, or what stands for it: neither tokens nor dates hold a sign that needs an escape. */
function redactComponent(work: Work, text: string, rule: AllowRule): string | undefined {
  const { separators } = work.document;
  if (separators === undefined || rule.value.kind !== "element") return undefined;
  const plain = readElementText(text, rule.value, separators);
  if (plain === undefined) return undefined;
  const applied = apply(work, plain, rule);
  return applied === plain ? cutElement(text, rule.value, separators) : applied;
}
