import { createHash } from "node:crypto";
import { type Event, MAPPING_WAITING_TYPE } from "@throughline/schemas/event";
import { z } from "zod";
import { toDraft } from "../run/to-draft.ts";
import type { Spool } from "../spool/open-spool.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";
import type { WaitingInterface } from "./waiting-interface.ts";
import { MAX_GROUPS, type WaitingGroup } from "./waiting-groups.ts";

const toldGroups = z.record(
  z.string(),
  z.object({
    interface: z.string(),
    table: z.string(),
    value: z.string(),
    domain: z.string(),
    site: z.string(),
    types: z.array(z.string()),
    documents: z.number(),
    since: z.string(),
  }),
);

/** Tells what waits when it changed; what was told last outlives a restart, so that what is done with is told as well. */
export async function createTeller(parts: {
  path: string;
  secret: Uint8Array;
  spool: Pick<Spool, "append">;
  now: () => number;
}) {
  const { path, secret, spool, now } = parts;
  const text = await readSealed(path, secret);
  let told = new Map(Object.entries(text === undefined ? {} : toldGroups.parse(JSON.parse(text))));
  return async (groups: Map<string, WaitingGroup>, interfaces: ReadonlyMap<string, WaitingInterface>) => {
    const changed = [...groups].filter(([id, group]) => JSON.stringify(told.get(id)) !== JSON.stringify(group));
    const gone = [...told].filter(([id, group]) => !groups.has(id) && group.documents > 0);
    const fresh = [...changed, ...gone.map(([id, group]): [string, WaitingGroup] => [id, { ...group, documents: 0 }])];
    if (fresh.length === 0) return;
    const at = new Date(now()).toISOString();
    const events = fresh.slice(0, MAX_GROUPS).map(([id, group]) => toWaitingEvent(group, { id, at, interfaces }));
    await spool.append(events.map(toDraft));
    const next = new Map(told);
    for (const [id, group] of fresh)
      if (group.documents > 0) next.set(id, group);
      else next.delete(id);
    told = next;
    await writeSealed(path, JSON.stringify(Object.fromEntries(told)), secret);
  };
}

function toWaitingEvent(
  group: WaitingGroup,
  { id, at, interfaces }: { id: string; at: string; interfaces: ReadonlyMap<string, WaitingInterface> },
): Event {
  const { site, ...attributes } = group;
  const { interface: name, table, documents } = group;
  const how = interfaces.get(name);
  const hash = createHash("sha256").update(`${id}\n${at}\n${documents}`).digest("hex").slice(0, 24);
  const error = {
    class: "mapping" as const,
    code: `unknown_${table.replaceAll("-", "_")}`,
    message: `the crosswalk ${table} lacks a value that documents wait for`,
    retryable: false,
  };
  return {
    specversion: "1.0",
    id: `waiting-${hash}`,
    source: `/edge/${name}`,
    type: MAPPING_WAITING_TYPE,
    time: at,
    ...(site !== "" && { site }),
    data: {
      ...(documents > 0 ? { outcome: "failed" as const, error } : { outcome: "ok" as const }),
      attributes: { ...attributes, kind: how?.kindOf(table) ?? "" },
    },
  };
}
