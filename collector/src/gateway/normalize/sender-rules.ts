import type { Principal } from "@throughline/schemas/access";
import type { Issue } from "@throughline/schemas/error";
import type { Event } from "@throughline/schemas/event";

/** What a sender may say, beyond what any event must be. */
export interface SenderRules {
  sender: Principal;
  /** Types of objects that configuration declares; undefined: any. */
  objectTypes: ReadonlySet<string> | undefined;
}

/** Why this sender may not send this event; nothing when it may. */
export function findSenderIssues(event: Event, rules: SenderRules): Issue[] {
  const { sites, domains } = rules.sender.scope;
  const issues: Issue[] = [];
  const site = event.site ?? "";
  if (sites !== "*" && !sites.includes(site))
    issues.push({ path: "/site", message: `must be one that this key may send for: ${describe(sites)}` });
  if (domains !== "*" && !domains.includes(event.type.slice(0, event.type.indexOf("."))))
    issues.push({
      path: "/type",
      message: `must begin with a domain that this key may send for: ${describe(domains)}`,
    });
  if (rules.objectTypes) issues.push(...findUnknownTypes(event, rules.objectTypes));
  return issues;
}

function findUnknownTypes(event: Event, known: ReadonlySet<string>): Issue[] {
  const objects = typeof event.data === "object" ? (event.data?.objects ?? []) : [];
  return objects.flatMap(({ type }, index) =>
    known.has(type)
      ? []
      : [{ path: `/data/objects/${index}/type`, message: `is not a declared type of object: ${type}` }],
  );
}

function describe(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.slice(0, 20).join(", ");
}
