import { join } from "node:path";
import type { Logger } from "pino";
import type { EdgeConfig } from "../config/edge-config.ts";
import { readSecret, readSecretBytes } from "../config/read-secret.ts";
import { createClockSkew } from "../forward/clock-skew.ts";
import { createPostEvents } from "../forward/post-events.ts";
import { startForwarder } from "../forward/start-forwarder.ts";
import { toKeptDirectory } from "../kept/kept-directories.ts";
import { openAgingSpool } from "../spool/open-aging-spool.ts";
import { openSpool } from "../spool/open-spool.ts";
import { startWaiting } from "../waiting/start-waiting.ts";
import { openWayBack } from "../way-back/open-way-back.ts";
import { toDurationMs } from "./duration-ms.ts";
import type { EdgeParts } from "./edge-parts.ts";
import { readPolicy } from "./redaction-policy.ts";

const KEPT_SHARE = 10;

/** Opens what all interfaces of an edge share, and begins to bring events to the gateway. Throws what keeps it from starting, with nothing left open. */
export async function openEdgeParts({
  config,
  logger,
  now,
}: {
  config: EdgeConfig;
  logger: Logger;
  now: () => number;
}) {
  const { directory, maxBytes } = config.spool;
  const key = readSecret(config.gateway.keyFile);
  const policy = readPolicy(config);
  const { spool, kept, secret } = await openSpools(config, { logger, now });
  const { forwarder, skew } = startForwarding({ config, key, spool, kept, logger, now });
  const closing = [() => forwarder.stop(), () => spool.close(), () => kept.close()];
  const close = async () => {
    for (const step of closing) await step();
  };
  try {
    const maxAgeMs = toDurationMs(config.spool.keepFor);
    const bounds = { secret, maxBytes: Math.ceil(maxBytes / KEPT_SHARE), maxAgeMs };
    const waiting = await startWaiting({ directory: join(directory, "waiting"), ...bounds, spool, logger, now });
    closing.unshift(waiting.stop);
    const shared = { directory, policy, secret, spool, kept, skew, waiting, logger, now };
    const wayBack = await openWayBack({ ...shared, config, key });
    const parts: Omit<EdgeParts, "pack"> = { ...shared, towerCrosswalks: wayBack.crosswalks };
    const describe = () => ({
      spool: spool.state(),
      forward: forwarder.state(),
      clock: skew(),
      waiting: waiting.state(),
      wayBack: wayBack.state(),
    });
    return { parts, wayBack, describe, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What waits for the gateway, and what waits for a person. */
async function openSpools({ spool: config }: EdgeConfig, { logger, now }: { logger: Logger; now: () => number }) {
  const { directory, maxBytes, keyFile, keepFor } = config;
  const secret = readSecretBytes(keyFile);
  const spool = await openSpool({ directory: join(directory, "events"), secret, maxBytes });
  if (spool.lostBytes > 0) logger.warn({ bytes: spool.lostBytes }, "The end of the spool was torn off or damaged");
  const bounds = { maxBytes: Math.ceil(maxBytes / KEPT_SHARE), maxAgeMs: toDurationMs(keepFor) };
  const kept = await openAgingSpool({ directory: toKeptDirectory(directory), secret, ...bounds, now });
  return { spool, kept, secret };
}

function startForwarding(
  parts: Pick<EdgeParts, "spool" | "kept" | "logger" | "now"> & { config: EdgeConfig; key: string },
) {
  const { config, key, spool, kept, logger, now } = parts;
  const skew = createClockSkew();
  const forwarder = startForwarder({
    spool,
    post: createPostEvents({ url: config.gateway.url, key, skew, now }),
    keep: (refused) =>
      kept.append(
        refused.map(({ text, reason }) => ({
          toText: () => JSON.stringify({ at: new Date(now()).toISOString(), class: "refused", reason, event: text }),
        })),
      ),
    now,
    onChange: ({ failure }) =>
      failure === undefined
        ? logger.info("The gateway takes events")
        : logger.warn({ failure }, "The gateway takes nothing"),
  });
  return { forwarder, skew: skew.estimate };
}
