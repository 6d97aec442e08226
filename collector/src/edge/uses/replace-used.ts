import type { NativeDocument } from "../formats/document.ts";
import { mapWaiting } from "../waiting/map-again.ts";
import type { WaitingInterface } from "../waiting/waiting-interface.ts";
import { toContentDigest, toEventKey, toStored, type WaitingDocument } from "../waiting/waiting-document.ts";
import type { Uses } from "./open-uses.ts";
import { findReplacements, type UseRecord } from "./use-record.ts";

export interface ReplacingParts {
  uses: Uses;
  interfaces: ReadonlyMap<string, WaitingInterface>;
  /** True for a document that waits: it is mapped again as such. */
  isWaiting: (key: string) => boolean;
  /** Returns when what was mapped again is on disk, told and noted. */
  finish: (key: string, waiting: WaitingDocument) => Promise<void>;
}

/** Documents of one run, so that memory stays bounded; the next run goes on. */
const MAX_DOCUMENTS = 500;

/**
 * Maps documents again whose translations another one took the place of. Looks at all that were told when crosswalks changed; `look` says
 * whether something was found. A document that is not kept any more is noted as lost.
 */
export function createReplacing(parts: ReplacingParts) {
  const { interfaces } = parts;
  /** With which crosswalks the documents of an interface were looked at last. */
  const looked = new Map<string, unknown>();
  const isStale = (name: string, how: WaitingInterface) => !looked.has(name) || looked.get(name) !== how.version();
  return {
    /** Documents were told with crosswalks that are no longer those in force: all are looked at again. */
    forget: (name: string) => void looked.delete(name),
    look: async (): Promise<boolean> => {
      const stale = [...interfaces].filter(([name, how]) => isStale(name, how));
      if (stale.length === 0) return false;
      const versions = stale.map(([name, how]): [string, unknown] => [name, how.version()]);
      const { found, isWhole } = await findAffected(parts, new Map(stale));
      for (const [name, how] of stale) {
        const own = new Map([...found].filter(([, { interface: of }]) => of === name));
        if (own.size > 0) await mapAffected(parts, how, own);
      }
      if (isWhole) for (const [name, version] of versions) looked.set(name, version);
      return found.size > 0;
    },
  };
}

/** The last record of each document that a replacement touches. */
async function findAffected({ uses, isWaiting }: ReplacingParts, stale: ReadonlyMap<string, WaitingInterface>) {
  const found = new Map<string, UseRecord>();
  let isWhole = true;
  await uses.visit((record, key) => {
    const how = stale.get(record.interface);
    if (how === undefined) return;
    found.delete(key);
    if (record.isLost || isWaiting(key) || findReplacements(record.uses, how.translate).length === 0) return;
    if (found.size < MAX_DOCUMENTS) found.set(key, record);
    else isWhole = false;
  });
  return { found, isWhole };
}

async function mapAffected(
  parts: ReplacingParts,
  how: WaitingInterface,
  affected: ReadonlyMap<string, UseRecord>,
): Promise<void> {
  const left = new Map(affected);
  const byPlace = new Map([...affected].map(([key, { identity, ordinal }]) => [`${identity} ${ordinal}`, key]));
  const identities = new Set([...affected.values()].map(({ identity }) => identity));
  await how.visitKept(identities, async (identity, ordinal, document) => {
    const key = byPlace.get(`${identity} ${ordinal}`);
    const record = key === undefined ? undefined : left.get(key);
    if (key === undefined || record === undefined) return;
    left.delete(key);
    await mapOne(parts, how, { key, record, document });
  });
  await parts.uses.append([...left.values()].map((record) => toLost(record, how)));
}

async function mapOne(
  { uses, finish }: ReplacingParts,
  how: WaitingInterface,
  { key, record, document }: { key: string; record: UseRecord; document: NativeDocument },
): Promise<void> {
  const because = findReplacements(record.uses, how.translate);
  const { identity: digest, ordinal, traceparent, at, raw } = record;
  const waiting: WaitingDocument = {
    interface: record.interface,
    since: at,
    document: toStored(document),
    context: { digest, ordinal, ...(traceparent !== undefined && { traceparent }) },
    raw,
    unknown: [],
    used: record.uses,
    because,
    // An operator may have sent it again under a number of their own: what was decided since is counted in as well.
    revision: Math.max(record.revision, how.number() - 1),
    told: {},
  };
  const before = how.mapAsUsed(waiting).events;
  const told = Object.fromEntries(before.map((event) => [toEventKey(event), toContentDigest(event)]));
  const site = before.find((event) => typeof event.site === "string")?.site ?? undefined;
  const result = mapWaiting({ ...waiting, told, site }, how.map, "A translation that it used was replaced");
  // What it was called makes no difference to what its events say.
  if (result === undefined) await uses.append([{ ...record, uses: toUsesNow(record, how) }]);
  else await finish(key, result.next);
}

/** For what it was mapped again before, it was not lost: that stands in records of its own. */
function toLost(record: UseRecord, how: WaitingInterface): UseRecord {
  return { ...record, because: findReplacements(record.uses, how.translate), isLost: true };
}

function toUsesNow({ uses }: UseRecord, { translate }: WaitingInterface): UseRecord["uses"] {
  return uses.map((use) => ({ ...use, to: translate(use) ?? "" }));
}
