import { setTimeout as pause } from "node:timers/promises";
import type { SigningKey } from "@throughline/schemas/way-back/dsse";
import type { ReplayOrder, WayBackManifest } from "@throughline/schemas/way-back/manifest";
import type { EdgeConfig } from "../config/edge-config.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import type { EdgeParts } from "../run/edge-parts.ts";
import { toDraft } from "../run/to-draft.ts";
import { toReason } from "../sources/to-reason.ts";
import { toTextDraft } from "../waiting/text-draft.ts";
import type { Applied, openAppliedFile } from "./applied-file.ts";
import type { GatewayAsker } from "./ask-gateway.ts";
import { checkManifest } from "./check-manifest.ts";
import { type EdgeReport, toReportEvent } from "./edge-report.ts";
import type { WayBack, WayBackHooks } from "./open-way-back.ts";
import { readParts } from "./read-parts.ts";
import type { TowerCrosswalks } from "./tower-crosswalks.ts";

type Asking = Pick<EdgeParts, "spool" | "skew" | "logger" | "now"> & {
  settings: NonNullable<EdgeConfig["wayBack"]>;
  trusted: readonly SigningKey[];
  /** The id of the key with which this edge asks. */
  audience: string;
  gateway: GatewayAsker;
  file: Awaited<ReturnType<typeof openAppliedFile>>;
};

const MAX_ORDERS = 1000;

/** Asks the gateway again and again, takes what is signed and newer, does what is ordered, and says so by event. */
export function startAsking(options: Asking): WayBack {
  const { settings, gateway, skew, now } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const inForce = createInForce(options);
  let heardAt: string | undefined;
  let failure: string | undefined;
  let running: Promise<void> = Promise.resolve();
  const ask = async (hooks: WayBackHooks) => {
    await inForce.sayOrders();
    const envelope = await gateway.findEnvelope(hooks.interfaces(), signal);
    const { version } = inForce.applied();
    const clock = now() + (skew()?.offsetMs ?? 0);
    const checked = checkManifest(envelope, { ...options, version, now: clock });
    if (!checked.ok) {
      failure = checked.reason;
      return inForce.refuse(checked.reason);
    }
    await inForce.apply(checked.manifest, { hooks, find: (digest) => gateway.findPart(digest, signal) });
    for (const order of checked.manifest.orders) await inForce.obey(order, { hooks, signal });
    heardAt = new Date(now()).toISOString();
    failure = undefined;
  };
  const run = async (hooks: WayBackHooks) => {
    while (!signal.aborted) {
      await ask(hooks).catch((error: unknown) => {
        if (!signal.aborted) failure = toReason(error);
      });
      await pause(toDurationMs(settings.every), undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    crosswalks: inForce.tower,
    mappings: () => inForce.applied().mappings,
    state: () => {
      const { version, at: appliedAt, parts } = inForce.applied();
      return { version, appliedAt, parts, heardAt, failure };
    },
    start: (hooks) => void (running = run(hooks)),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** What the tower said last and this edge took: on disk first, then in force. */
function createInForce({ settings, file, spool, logger, now }: Asking) {
  let applied: Applied = file.found;
  let tower = toTower(applied);
  let refused = "";
  /** Orders of which it was said since the start that they are here. */
  const taken = new Set<string>();
  const toEvent = (what: EdgeReport) =>
    toReportEvent(what, { edge: settings.name, site: settings.site, at: new Date(now()).toISOString() });
  const report = (what: EdgeReport) => spool.append([toDraft(toEvent(what))]);
  const write = async (next: Applied) => {
    await file.write(next);
    applied = next;
  };
  /** Says once what is refused again and again. */
  const refuse = async (reason: string) => {
    if (refused === reason) return;
    await report({ kind: "refused", version: applied.version, reason });
    refused = reason;
    logger.warn({ reason }, "What the gateway says is refused");
  };
  const sayOrders = async () => {
    if (applied.reports.length === 0) return;
    await spool.append(applied.reports.map(toTextDraft));
    await write({ ...applied, reports: [] });
  };
  return {
    applied: () => applied,
    tower: () => tower,
    refuse,
    /** Says what was done with orders and, for a crash, not said yet. */
    sayOrders,
    apply: async (
      manifest: WayBackManifest,
      { hooks, find }: { hooks: WayBackHooks; find: (digest: string) => Promise<string> },
    ) => {
      const { version, parts } = manifest;
      const isSame = JSON.stringify(parts) === JSON.stringify(applied.parts);
      if (isSame && version === applied.version) return;
      const at = new Date(now()).toISOString();
      if (isSame) return write({ ...applied, version, at });
      const read = await readParts(manifest, { applied, takesMappings: settings.mappings, find });
      await write({ ...applied, ...read, parts, version, at });
      tower = toTower(applied);
      const trouble = settings.mappings ? await takeMappings(hooks, applied) : undefined;
      logger.info({ version }, "What the tower says is in force");
      await report({ kind: "applied", version, reason: "" });
      refused = "";
      if (trouble !== undefined) await refuse(trouble);
    },
    obey: async (order: ReplayOrder, { hooks, signal }: { hooks: WayBackHooks; signal: AbortSignal }) => {
      if (applied.orders.includes(order.id)) return;
      if (!taken.has(order.id))
        await report({ kind: "order_taken", version: applied.version, reason: "", order: order.id });
      taken.add(order.id);
      const done = toEvent(await hooks.carryOut(order, { version: applied.version, signal }));
      const orders = [...applied.orders, order.id].slice(-MAX_ORDERS);
      await write({ ...applied, orders, reports: [...applied.reports, JSON.stringify(done)] });
      taken.delete(order.id);
      await sayOrders();
    },
  };
}

/** Why not all of the tower's mappings are in force; undefined when they are. */
async function takeMappings(hooks: WayBackHooks, { mappings }: Applied): Promise<string | undefined> {
  try {
    const left = await hooks.takeMappings(mappings);
    return left.length === 0 ? undefined : `mappings would let more leave than this edge's own: ${left.join(", ")}`;
  } catch (error) {
    return `its mappings cannot be put in force: ${toReason(error)}`;
  }
}

function toTower({ version, crosswalks }: Applied): TowerCrosswalks {
  return { version, tables: crosswalks };
}
