import type { Issue } from "@throughline/schemas/error";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { NewExcuse } from "../contract/excuse.ts";

const YEAR_MS = 366 * 86_400_000;

/** What is wrong with a request for a window, place by place; nothing when it can be recorded. */
export function listExcuseIssues(asked: NewExcuse, { pack, now }: { pack: Pack; now: number }): Issue[] {
  return [...listScopeIssues(asked, pack), ...listTimeIssues(asked, now)];
}

function listScopeIssues({ flow, leg }: NewExcuse, { flows }: Pack): Issue[] {
  if (flow === undefined)
    return leg === undefined ? [] : [{ path: "/body/leg", message: "needs the flow that it belongs to" }];
  const known = flows.get(flow);
  if (known === undefined)
    return [{ path: "/body/flow", message: `is no flow; there are ${[...flows.keys()].join(", ")}` }];
  const legs = known.legs.map(({ id }) => id).join(", ");
  if (leg === undefined)
    return known.legs.every(({ statutory }) => statutory)
      ? [{ path: "/body/flow", message: "has only legs whose deadlines the law sets, and nothing moves those" }]
      : [];
  const found = known.legs.find(({ id }) => id === leg);
  if (found === undefined) return [{ path: "/body/leg", message: `is no leg of ${flow}; it has ${legs}` }];
  return found.statutory === undefined
    ? []
    : [
        {
          path: "/body/leg",
          message: `has a deadline that the law sets (${found.statutory.citation}), and nothing moves it`,
        },
      ];
}

function listTimeIssues({ kind, from, until }: NewExcuse, now: number): Issue[] {
  const start = Date.parse(from);
  const issues: Issue[] = [];
  if (start > now + YEAR_MS) issues.push({ path: "/body/from", message: "must be within a year from now" });
  if (until === undefined)
    return kind === "pause"
      ? issues
      : [...issues, { path: "/body/until", message: "must be given; only a pause may stay open" }];
  const end = Date.parse(until);
  if (end === start) issues.push({ path: "/body/until", message: "must be later than `from`, not the same moment" });
  if (end < start)
    issues.push({ path: "/body/until", message: "must be later than `from`; the two may be the wrong way round" });
  if (end > start + YEAR_MS) issues.push({ path: "/body/until", message: "must be within a year of `from`" });
  return issues;
}
