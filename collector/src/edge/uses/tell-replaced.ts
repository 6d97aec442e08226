import { createHash } from "node:crypto";
import { type Event, MAPPING_REPLACED_TYPE } from "@throughline/schemas/event";
import { z } from "zod";
import { toDraft } from "../run/to-draft.ts";
import type { Spool } from "../spool/open-spool.ts";
import { readSealed, writeSealed } from "../waiting/sealed-file.ts";
import type { Uses } from "./open-uses.ts";
import type { Replacement, UseRecord } from "./use-record.ts";

const MAX_GROUPS = 1000;

/** What became of the documents of an interface that used a translation which was replaced. */
interface Group extends Replacement {
  interface: string;
  documents: number;
  /** Of them: those that were not kept any more. */
  lost: number;
  oldest: string;
  newest: string;
}

const toldCounts = z.record(z.string(), z.object({ documents: z.number(), lost: z.number() }));

/** Tells of replacements what changed since it was told last; what was told outlives a restart, and telling twice says the same. */
export async function createReplacedTeller(parts: {
  path: string;
  secret: Uint8Array;
  uses: Uses;
  spool: Pick<Spool, "append">;
  now: () => number;
}) {
  const { path, secret, uses, spool, now } = parts;
  const text = await readSealed(path, secret);
  let told = new Map(Object.entries(text === undefined ? {} : toldCounts.parse(JSON.parse(text))));
  return async (): Promise<void> => {
    const groups = await groupReplaced(uses);
    const isNews = ([id, { documents, lost }]: [string, Group]) => {
      const before = told.get(id);
      return before === undefined || documents > before.documents || lost > before.lost;
    };
    const news = [...groups].filter(isNews);
    if (news.length === 0) return;
    const at = new Date(now()).toISOString();
    await spool.append(news.map(([id, group]) => toDraft(toReplacedEvent(group, { id, at }))));
    told = new Map([...groups].map(([id, { documents, lost }]) => [id, { documents, lost }]));
    await writeSealed(path, JSON.stringify(Object.fromEntries(told)), secret);
  };
}

/** Each document counts once for each replacement, however often that was noted. */
async function groupReplaced(uses: Uses): Promise<Map<string, Group>> {
  const groups = new Map<string, Group & { keys: Map<string, boolean> }>();
  await uses.visit((record, key) => {
    for (const because of record.because) {
      const id = JSON.stringify([record.interface, because]);
      const group = groups.get(id);
      if (group !== undefined) note(group, record, key);
      else if (groups.size < MAX_GROUPS) {
        const { interface: name, at } = record;
        const fresh = { ...because, interface: name, documents: 0, lost: 0, oldest: at, newest: at };
        const created = { ...fresh, keys: new Map<string, boolean>() };
        groups.set(id, created);
        note(created, record, key);
      }
    }
  });
  return new Map([...groups].map(([id, { keys: _keys, ...group }]) => [id, group]));
}

function note(group: Group & { keys: Map<string, boolean> }, { at, isLost }: UseRecord, key: string): void {
  const wasLost = group.keys.get(key) === true;
  group.keys.set(key, isLost || wasLost);
  group.documents = group.keys.size;
  if (isLost && !wasLost) group.lost++;
  if (at < group.oldest) group.oldest = at;
  if (at > group.newest) group.newest = at;
}

function toReplacedEvent(group: Group, { id, at }: { id: string; at: string }): Event {
  const { interface: name, table, value, from, to, domain, site, documents, lost, oldest, newest } = group;
  const hash = createHash("sha256").update(`${id}\n${at}\n${documents}\n${lost}`).digest("hex").slice(0, 24);
  const error = {
    class: "mapping" as const,
    code: "documents_not_kept",
    message: "documents that used a translation which was replaced are not kept any more and stay as they were told",
    retryable: false,
  };
  return {
    specversion: "1.0",
    id: `replaced-${hash}`,
    source: `/edge/${name}`,
    type: MAPPING_REPLACED_TYPE,
    time: at,
    ...(site !== "" && { site }),
    data: {
      ...(lost > 0 ? { outcome: "failed" as const, error } : { outcome: "ok" as const }),
      attributes: {
        interface: name,
        table,
        value,
        replaced: from,
        replacement: to,
        domain,
        documents: documents - lost,
        lost,
        oldest,
        newest,
      },
    },
  };
}
