import type { MatchRouting } from "@throughline/schemas/pack/match-routing";
import type { Touch } from "../queries/list-touches.ts";
import type { Case, Cases } from "./cases.ts";

const MINUTE_MS = 60_000;
const LOGGED = "log";
const BY_STANDARD = "by the declared standard";
const UNDECLARED = "touched, no minutes were logged, and no standard is declared";

/**
 * Time spent on matches: the minutes that were logged, when they were spent; of a match on which nobody ever logged any, the
 * declared minutes of each touch, when it was done. A kind of touch that is `off` adds nothing.
 */
export function foldEffort(acts: readonly Touch[], standard: MatchRouting["touchMinutes"] | undefined): Cases {
  const cases: Cases = { counted: [], excluded: [], open: [] };
  const minutes: Readonly<Record<string, number | "off" | undefined>> = { ...standard };
  for (const own of Map.groupBy(acts, toItem).values()) {
    const [first] = own;
    if (first === undefined) continue;
    if (first.is_logged === 1) {
      const logs = own.filter(({ verb }) => verb === LOGGED);
      cases.counted.push(...logs.map((log) => ({ ...toCase(log, log.worked), ...toLength(log.minutes) })));
      continue;
    }
    const declared = own.flatMap((act) => {
      const each = minutes[act.verb];
      if (each === undefined || each === "off") return [];
      const one = toCase(act, act.done);
      const note = one.note === "" ? BY_STANDARD : `${one.note}, ${BY_STANDARD}`;
      return [{ ...one, note, ...toLength(each), isDeclared: true }];
    });
    cases.counted.push(...declared);
    if (declared.length === 0) cases.excluded.push({ ...toCase(first, first.done), reason: UNDECLARED });
  }
  return cases;
}

/** Tells the entries of invoices apart. */
export function toDocument({ type, id, document }: Pick<Touch, "type" | "id" | "document">): string {
  return [type, id, document].join("\u0000");
}

function toLength(minutes: number) {
  return { part: minutes * MINUTE_MS, whole: 1 };
}

function toItem(act: Touch): string {
  return [toDocument(act), act.order, act.line].join("\u0000");
}

function toCase(act: Touch, at: number): Case {
  const note = [act.line === "" ? "" : `line ${act.line}`, act.order].filter((text) => text !== "").join(", ");
  return { at, key: toItem(act), object: { type: act.type, id: act.id }, site: act.of_site, supplier: "", note };
}
