import { join } from "node:path";
import type { EdgeInterface } from "../config/edge-config.ts";
import { toRawDirectory } from "../kept/kept-directories.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import { openAgingSpool } from "../spool/open-aging-spool.ts";
import { type RawKeeper, createRawKeeper } from "./raw-keeper.ts";
import { createRawNaming } from "./raw-name.ts";

/**
 * What an interface does with documents as they were written; undefined where it does nothing. `directory` is that of the spool; without it
 * nothing is kept, and documents have the names that they would have. Throws what keeps it from starting.
 */
export async function openRaw(
  { id, source = `/edge/${id}`, raw: policy }: Pick<EdgeInterface, "id" | "source" | "raw">,
  parts: { directory: string | undefined; secret: Uint8Array; now: () => number },
): Promise<RawKeeper | undefined> {
  if (policy === undefined) return undefined;
  const { directory, secret, now } = parts;
  const named = { interfaceId: id, source, policy, name: createRawNaming(secret), now };
  if (policy.policy === "travel") {
    // Loaded by edges that need it only.
    const { createSeal } = await import("./seal-document.ts");
    return createRawKeeper({ ...named, store: undefined, seal: await createSeal(policy.recipientFile) });
  }
  if (directory === undefined) return createRawKeeper({ ...named, store: undefined, seal: undefined });
  const { maxBytes, maxAge } = policy;
  const bounds = { secret, maxBytes, maxAgeMs: toDurationMs(maxAge), now };
  const store = await openAgingSpool({ directory: join(toRawDirectory(directory), id), ...bounds });
  return createRawKeeper({ ...named, store, seal: undefined });
}
