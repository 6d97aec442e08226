import type { Pack } from "@throughline/schemas/pack/flow";
import type { DriftSeries } from "../../contract/drift.ts";
import { ownsEvents } from "../../interfaces/traffic-of.ts";
import type { Asker, StoreReader } from "../../queries/ask.ts";
import { toStoreTime } from "../../queries/conditions.ts";
import { listBlindTimes } from "../../queries/list-blind-times.ts";
import { listFlowChanges, listNewSchemas, listSeenRules } from "../../queries/list-drift-causes.ts";
import { listExcuses } from "../../queries/list-excuses.ts";
import { toInstant } from "../../queries/time-range.ts";
import type { Found } from "../item-finder.ts";

export type DriftCause = DriftSeries["units"][number]["changePoints"][number]["changed"][number];

interface Range {
  from: number;
  to: number;
}

const MOST = 1000;

/** What is known to have changed in a range of what a reconciliation is made of: rules, releases, schemas, outages, excuses. */
export async function listCauses(
  { reader, asker, pack }: { reader: StoreReader; asker: Asker; pack: Pack },
  { at, sources }: Found,
  range: Range,
): Promise<DriftCause[]> {
  const types = [...at.model.types];
  const senders = new Set([...sources.a, ...sources.b].map(({ source }) => source));
  const flows = [...pack.flows.values()].filter(({ milestones }) =>
    Object.values(milestones).some(({ events }) => events.some(({ type }) => types.includes(type))),
  );
  const bounds = { from: toInstant(range.from), to: toInstant(range.to) };
  const flowIds = flows.map(({ id }) => id);
  const [rules, changes, schemas, blind, excuses] = await Promise.all([
    listSeenRules(reader, asker, { reconciliation: at.model.rule.id, ...range }),
    flowIds.length === 0 ? [] : listFlowChanges(reader, asker, { flows: flowIds, ...range }),
    listNewSchemas(reader, asker, { types, ...range }),
    listBlindTimes(reader, asker, { from: toStoreTime(range.from), to: toStoreTime(range.to) }),
    flowIds.length === 0
      ? { items: [] }
      : listExcuses(reader, asker, {
          filter: { ...bounds, flow: ["", ...flowIds], state: ["approved", "ended"] },
          limit: MOST,
          cursor: undefined,
        }),
  ]);
  const found: DriftCause[] = [
    ...rules.map(({ version, since }) => toCause("rules", since, `Rules ${version} of the reconciliation`)),
    ...changes.map(({ flow, version, since }) => toCause("flow", since, `Rules ${version} of ${flow}`)),
    ...schemas.map(({ source, type, version, since }) =>
      toCause("schema_version", since, `${source} sends ${type} in version ${version}`),
    ),
    ...blind
      .filter(({ source }) => senders.has(source))
      .map(({ source, from, until }) => ({
        ...toCause("outage", toInstant(from), `${source} was silent`),
        until: until === undefined ? null : toInstant(until),
      })),
    ...excuses.items.map(({ from, until, kind, reason }) => ({
      ...toCause("excuse", from, `${kind}: ${reason}`),
      until,
    })),
    ...listReleases(pack, { types, senders, range }),
  ];
  return found.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.title < b.title ? -1 : 1));
}

/** Those that touch a range. */
export function listAround(causes: readonly DriftCause[], { from, to }: Range): DriftCause[] {
  return causes.filter(({ kind, at, until }) => {
    const start = Date.parse(at);
    const lasts = kind === "outage" || kind === "excuse" || kind === "release";
    const end = lasts ? (until === null ? Infinity : Date.parse(until)) : start;
    return start < to && end >= from;
  });
}

/** Approved changes of the interfaces that the events come over. */
function listReleases(
  { interfaces }: Pack,
  { types, senders, range }: { types: readonly string[]; senders: ReadonlySet<string>; range: Range },
): DriftCause[] {
  const isOwn = (traffic: Parameters<typeof ownsEvents>[0]) =>
    [...senders].some((source) => types.some((type) => ownsEvents(traffic, { source, type })));
  return [...interfaces.values()]
    .filter(({ traffic }) => isOwn(traffic))
    .flatMap(({ changes }) => changes)
    .filter(({ approvedBy, from, until }) => {
      return approvedBy !== undefined && Date.parse(from) < range.to && Date.parse(until) >= range.from;
    })
    .map(({ title, from, until }) => ({
      ...toCause("release", toInstant(Date.parse(from)), title),
      until: toInstant(Date.parse(until)),
    }));
}

function toCause(kind: DriftCause["kind"], at: string, title: string): DriftCause {
  return { kind, at, until: null, title };
}
