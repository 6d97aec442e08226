import { isDeepStrictEqual } from "node:util";
import type { DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { EdgeConfig, EdgeInterface } from "../config/edge-config.ts";
import { carryOut } from "../way-back/carry-out.ts";
import { mergeMappings } from "../way-back/merge-mappings.ts";
import type { WayBack } from "../way-back/open-way-back.ts";
import type { EdgeParts } from "./edge-parts.ts";
import type { EdgeStatus } from "./edge-status.ts";
import { type RunningInterface, startInterface } from "./start-interface.ts";

/** The interfaces of an edge, by its own configuration and what the tower says of mappings. */
export function createEdgeInterfaces(
  parts: Omit<EdgeParts, "pack">,
  { wayBack, first }: { wayBack: WayBack; first: { config: EdgeConfig; pack: DocumentPack } },
) {
  let { config, pack } = first;
  const interfaces = createInterfaces(parts);
  const { secret, now } = parts;
  return {
    start: async () => {
      await interfaces.change(config, withMappings(pack, wayBack.mappings()).pack);
      wayBack.start({
        interfaces: () => config.interfaces.map(({ id }) => id),
        takeMappings: async (mappings) => {
          const merged = withMappings(pack, mappings);
          await interfaces.change(config, merged.pack);
          return merged.refused;
        },
        carryOut: (order, at) => {
          const merged = withMappings(pack, wayBack.mappings()).pack;
          const crosswalks = [...merged.crosswalks, ...wayBack.crosswalks().tables];
          return carryOut(order, { config, pack: { ...merged, crosswalks }, secret, now, ...at });
        },
      });
    },
    /** Interfaces that changed start anew. Throws, and the old ones go on, when they cannot. */
    change: async (changed: EdgeConfig, changedPack: DocumentPack) => {
      await interfaces.change(changed, withMappings(changedPack, wayBack.mappings()).pack);
      [config, pack] = [changed, changedPack];
    },
    describe: interfaces.describe,
    stop: interfaces.stop,
  };
}

function withMappings(pack: DocumentPack, tower: readonly DocumentMapping[]) {
  const { mappings, refused } = mergeMappings(pack.mappings, tower);
  return { pack: { ...pack, mappings }, refused };
}

/** The interfaces that run, changed one by one; when one of the new ones cannot start, the old ones go on. */
function createInterfaces(parts: Omit<EdgeParts, "pack">) {
  const running = new Map<string, RunningInterface>();
  let pack: DocumentPack | undefined;
  let changing: Promise<void> = Promise.resolve();
  const change = async (config: EdgeConfig, changed: DocumentPack) => {
    const isSamePack = isDeepStrictEqual(pack, changed);
    const isKept = (id: string) =>
      isSamePack &&
      isDeepStrictEqual(
        running.get(id)?.config,
        config.interfaces.find((each) => each.id === id),
      );
    const gone = [...running.values()].filter((each) => !isKept(each.config.id));
    const halt = async (interfaces: readonly RunningInterface[]) => {
      for (const each of interfaces) {
        running.delete(each.config.id);
        await each.stop();
      }
    };
    const start = async (each: EdgeInterface, of: DocumentPack) => {
      const started = await startInterface(each, { ...parts, pack: of });
      running.set(each.id, started);
      return started;
    };
    await halt(gone);
    const begun: RunningInterface[] = [];
    try {
      for (const each of config.interfaces) if (!running.has(each.id)) begun.push(await start(each, changed));
      pack = changed;
    } catch (error) {
      await halt(begun);
      if (pack !== undefined) for (const { config: old } of gone) await start(old, pack);
      throw error;
    }
  };
  return {
    /** One change after the other: the tower's mappings may come while the file changes. */
    change: (config: EdgeConfig, changed: DocumentPack): Promise<void> => {
      const turn = changing.then(() => change(config, changed));
      changing = turn.catch(() => undefined);
      return turn;
    },
    describe: (): EdgeStatus["interfaces"] =>
      [...running.values()].map(({ config: { id, from }, counts, redacted, completeAt, failure }) => {
        const at = completeAt();
        return {
          id,
          kind: from.kind,
          counts: counts(),
          redacted: redacted(),
          completeAt: at === undefined ? undefined : new Date(at).toISOString(),
          failure: failure(),
        };
      }),
    stop: async () => {
      await Promise.all([...running.values()].map((each) => each.stop()));
      running.clear();
    },
  };
}
