import { readFileSync } from "node:fs";
import { findKeyId } from "@throughline/schemas/access-key";
import { AppError } from "@throughline/schemas/error";
import type { DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import { parseSigningKeys, type SigningKey } from "@throughline/schemas/way-back/dsse";
import type { ReplayOrder } from "@throughline/schemas/way-back/manifest";
import type { EdgeConfig } from "../config/edge-config.ts";
import type { EdgeParts } from "../run/edge-parts.ts";
import { openAppliedFile } from "./applied-file.ts";
import { createGatewayAsker } from "./ask-gateway.ts";
import type { EdgeReport } from "./edge-report.ts";
import { startAsking } from "./start-asking.ts";
import type { TowerCrosswalks } from "./tower-crosswalks.ts";

/** How the way back is, as `/status` shows it. */
export interface WayBackState {
  version: number;
  /** When that was applied; empty before anything was. */
  appliedAt: string;
  /** The digests of what is in force; empty before anything was. */
  parts: { crosswalks: string; mappings: string };
  /** When the tower last said something that was taken; undefined while it did not since the start. */
  heardAt: string | undefined;
  failure: string | undefined;
}

/** What an edge does with what it is told. */
export interface WayBackHooks {
  interfaces: () => readonly string[];
  /** Puts the tower's mappings in force; returns the names of those that may not be. */
  takeMappings: (mappings: readonly DocumentMapping[]) => Promise<readonly string[]>;
  /** Throws `unavailable` when it cannot be done now. */
  carryOut: (order: ReplayOrder, at: { version: number; signal: AbortSignal }) => Promise<EdgeReport>;
}

export interface WayBack {
  crosswalks: () => TowerCrosswalks;
  /** As the tower has them, whether they may be in force or not. */
  mappings: () => readonly DocumentMapping[];
  state: () => WayBackState | undefined;
  /** Asks the gateway from now on. */
  start: (hooks: WayBackHooks) => void;
  stop: () => Promise<void>;
}

const ADMINISTRATOR_ID = "administrator";
const NOTHING: TowerCrosswalks = { version: 0, tables: [] };
const SILENT: WayBack = {
  crosswalks: () => NOTHING,
  mappings: () => [],
  state: () => undefined,
  start: () => undefined,
  stop: () => Promise.resolve(),
};

/** What the tower said last is in force at once. Throws `invalid_configuration` for wrong keys. */
export async function openWayBack(
  options: Pick<EdgeParts, "directory" | "secret" | "spool" | "skew" | "logger" | "now"> & {
    config: EdgeConfig;
    key: string;
  },
): Promise<WayBack> {
  const { config, key } = options;
  if (config.wayBack === undefined) return SILENT;
  return startAsking({
    ...options,
    settings: config.wayBack,
    trusted: readTrusted(config.wayBack.publicKeyFile),
    audience: findKeyId(key) ?? ADMINISTRATOR_ID,
    gateway: createGatewayAsker({ url: config.gateway.url, key }),
    file: await openAppliedFile(options),
  });
}

function readTrusted(path: string): SigningKey[] {
  try {
    return parseSigningKeys(readFileSync(path, "utf8"), "public");
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid_configuration", `The tower's public keys cannot be read from ${path}.`, { cause });
  }
}
