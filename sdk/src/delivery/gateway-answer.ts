/** What the gateway refused of a batch; the other events are on its disk. */
export interface Refusal {
  accepted: number;
  refused: number;
  issues: { index: number; path: string; message: string }[];
}

/** How many events a 202 says are on disk; undefined when it is not the gateway that speaks. */
export function parseAcknowledgement(text: string): number | undefined {
  const accepted = readMember(parseJson(text), "accepted");
  return typeof accepted === "number" ? accepted : undefined;
}

/** What a 400 to a batch of `count` events says; undefined when it does not account for each of them. */
export function parseRefusal(text: string, count: number): Refusal | undefined {
  const problem = parseJson(text);
  const accepted = readMember(problem, "accepted");
  const refused = readMember(problem, "refused");
  const errors = readMember(problem, "errors");
  if (typeof accepted !== "number" || typeof refused !== "number" || !Array.isArray(errors)) return undefined;
  if (accepted < 0 || refused < 1 || accepted + refused !== count) return undefined;
  return { accepted, refused, issues: errors.flatMap((error) => readIssue(error, count)) };
}

function readIssue(error: unknown, count: number): Refusal["issues"] {
  const path = readMember(error, "path");
  const message = readMember(error, "message");
  if (typeof path !== "string" || typeof message !== "string") return [];
  const [, index, rest = ""] = /^\/(\d+)(.*)$/s.exec(path) ?? [];
  return index === undefined || Number(index) >= count ? [] : [{ index: Number(index), path: rest, message }];
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function readMember(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
