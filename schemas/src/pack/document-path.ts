/** Where in a native document a value stands. */
export interface DocumentPath {
  /** `near`: at the record that an event is made of, or around it; `root`: from the document's root; `control`: envelope. */
  from: "near" | "outer" | "root" | "control";
  steps: readonly PathStep[];
  value: PathValue;
}

/** One step to children of a name; of several that fit the first counts. */
export interface PathStep {
  name: string;
  test: StepTest | undefined;
}

/** What a child must have: an element, an attribute or a child of its own with one of these values. */
export interface StepTest {
  on: { kind: "element"; at: number } | { kind: "attribute"; name: string } | { kind: "child"; name: string };
  values: readonly string[];
}

export type PathValue =
  | { kind: "text" }
  | { kind: "attribute"; name: string }
  | { kind: "element"; at: number; component: number; subcomponent: number }
  | { kind: "qualified"; qualifier: string };

export type DocumentPathResult = { ok: true; path: DocumentPath } | { ok: false; message: string };

const STEP = /^(?:`(?<quoted>[^`]+)`|(?<name>[A-Za-z_][\w:-]*))(?:\[(?<test>[^\]]*)\])?/;
const TAIL =
  /^(?:\.(?<at>\d+)(?:\.(?<component>\d+)(?:\.(?<subcomponent>\d+))?)?|@(?<attribute>[\w:-]+)|#(?<qualifier>\w+))?$/;
const TEST = /^(?:(?<subject>\d+|@[\w:-]+|[A-Za-z_][\w:-]*)=)?(?<values>.*)$/s;
const MAX_STEPS = 16;

/**
 * Reads a path such as `PO1.04` (element 4), `RXD.2.1` (component 1 of field 2), `N1[ST].04` (the N1 whose first element is ST),
 * `PO1#N4` (what follows the qualifier N4), `OrderLine/LineItem/Quantity@unitCode`, `/Order/ID` (from the root),
 * `^OrderReference@orderID` (also around the record) or `$sender` (the envelope). Names with other signs stand in backticks.
 */
export function parseDocumentPath(source: string): DocumentPathResult {
  const control = /^\$(?<name>[A-Za-z]+)$/.exec(source)?.groups?.["name"];
  if (control !== undefined)
    return {
      ok: true,
      path: { from: "control", steps: [{ name: control, test: undefined }], value: { kind: "text" } },
    };
  const from = source.startsWith("/") ? "root" : source.startsWith("^") ? "outer" : "near";
  let rest = from === "near" ? source : source.slice(1);
  const steps: PathStep[] = [];
  for (;;) {
    const groups = STEP.exec(rest);
    const name = groups?.groups?.["quoted"] ?? groups?.groups?.["name"];
    if (groups === null || name === undefined || steps.length === MAX_STEPS) return refuse(source);
    const test = groups.groups?.["test"];
    steps.push({ name, test: test === undefined ? undefined : parseTest(test) });
    rest = rest.slice(groups[0].length);
    if (!rest.startsWith("/")) break;
    rest = rest.slice(1);
  }
  const tail = TAIL.exec(rest)?.groups;
  if (tail === undefined) return refuse(source);
  return { ok: true, path: { from, steps, value: toValue(tail) } };
}

/** Reads a single step, such as `PO1`, `HL[3=I]` or `OrderLine`. */
export function parsePathStep(source: string): PathStep | undefined {
  const parsed = parseDocumentPath(source);
  if (!parsed.ok || parsed.path.from !== "near" || parsed.path.value.kind !== "text") return undefined;
  return parsed.path.steps.length === 1 ? parsed.path.steps[0] : undefined;
}

function refuse(source: string): DocumentPathResult {
  return { ok: false, message: `names "${source.slice(0, 80)}", which is no path of a document` };
}

function parseTest(source: string): StepTest {
  const groups = TEST.exec(source)?.groups;
  const subject = groups?.["subject"] ?? "1";
  const values = (groups?.["values"] ?? "").split(",");
  if (/^\d+$/.test(subject)) return { on: { kind: "element", at: Number(subject) }, values };
  if (subject.startsWith("@")) return { on: { kind: "attribute", name: subject.slice(1) }, values };
  return { on: { kind: "child", name: subject }, values };
}

function toValue(tail: Partial<Record<string, string>>): PathValue {
  const { at, component, subcomponent, attribute, qualifier } = tail;
  if (attribute !== undefined) return { kind: "attribute", name: attribute };
  if (qualifier !== undefined) return { kind: "qualified", qualifier };
  if (at === undefined) return { kind: "text" };
  return {
    kind: "element",
    at: Number(at),
    component: Number(component ?? 0),
    subcomponent: Number(subcomponent ?? 0),
  };
}
