import type { WayBackParts } from "@throughline/collector/gateway/way-back/way-back";
import {
  countDecisions,
  listReplayOrders,
  listTowerCrosswalks,
  recordMappings,
} from "@throughline/schemas/clickhouse/way-back-facts";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { SigningKey } from "@throughline/schemas/way-back/dsse";

/** What a gateway tells edges: out of the store, and of its own pack. */
export function toWayBackParts(
  client: Parameters<typeof countDecisions>[0],
  { keys, pack, now = Date.now }: { keys: readonly SigningKey[]; pack: DocumentPack; now?: () => number },
): WayBackParts {
  return {
    facts: {
      countDecisions: () => countDecisions(client),
      listCrosswalks: (place) => listTowerCrosswalks(client, place),
      listOrders: (place) => listReplayOrders(client, place, now()),
      recordMappings: (digest) => recordMappings(client, digest, now()),
    },
    keys,
    mappings: pack.mappings,
    now,
  };
}
