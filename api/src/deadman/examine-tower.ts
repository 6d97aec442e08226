import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import type { ProjectionLag } from "../contract/overview.ts";
import type { StoreReader } from "../queries/ask.ts";
import { findProjectionLag, type ProjectorName } from "../queries/find-projection-lag.ts";

/** A part of the tower that is not well. */
export interface Ailment {
  part: "gateway" | "api" | "engine" | "projector" | "reconciler";
  problem: string;
}

/** How far each projector of the tower is. */
export type Lags = Partial<Record<ProjectorName, ProjectionLag>>;

export interface Examination {
  ailments: Ailment[];
  /** Undefined where the engine could not be asked. */
  lags: Lags | undefined;
}

const PARTS: Record<ProjectorName, Ailment["part"]> = { legs: "projector", reconciler: "reconciler" };

/** What is evaluated within this time is not behind. */
const MAX_LAG_MS = 60_000;
const TIMEOUT_MS = 5000;

/** Looks at each part from outside, as a user would: over HTTP where it listens, and what the projectors have stored. */
export async function examineTower(
  tower: {
    gatewayUrl: string;
    apiUrl: string;
    projectors: readonly ProjectorName[];
    reader: StoreReader;
    now: () => number;
  },
  previous: Lags | undefined,
): Promise<Examination> {
  const { reader, projectors } = tower;
  const [gateway, api, engine] = await Promise.all([
    findAilment("gateway", `${tower.gatewayUrl}/readyz`),
    findAilment("api", `${tower.apiUrl}/healthz`),
    reader.isAnswering(),
  ]);
  const listening = [...gateway, ...api];
  if (!engine) return { ailments: [...listening, { part: "engine", problem: "does not answer" }], lags: undefined };
  const found = await Promise.all(
    projectors.map(async (projector) => {
      const lag = await findProjectionLag(reader, { scope: EVERYTHING }, { projector, now: tower.now() });
      return { projector, lag };
    }),
  );
  const still = found
    .filter(({ projector, lag }) => !isAdvancing(lag, previous?.[projector]))
    .map(({ projector, lag }) => ({ part: PARTS[projector], problem: `stands still, ${lag.lagMs} ms behind` }));
  const lags = Object.fromEntries(found.map(({ projector, lag }) => [projector, lag]));
  return { ailments: [...listening, ...still], lags };
}

/**
 * True when nothing waits for its evaluation for long, or when something was evaluated since the look before: a projector
 * that catches up is well, however far behind it is.
 */
export function isAdvancing(lag: ProjectionLag, previous: ProjectionLag | undefined): boolean {
  if (lag.pendingSince === null || lag.lagMs <= MAX_LAG_MS) return true;
  if (lag.evaluatedAt === null) return false;
  return previous !== undefined && (previous.evaluatedAt === null || lag.evaluatedAt > previous.evaluatedAt);
}

async function findAilment(part: Ailment["part"], url: string): Promise<Ailment[]> {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok ? [] : [{ part, problem: `answers ${response.status}` }];
  } catch {
    return [{ part, problem: "does not answer" }];
  }
}
