import { createHash } from "node:crypto";
import { AppError } from "@throughline/schemas/error";
import { type WayBackEnvelope, wayBackEnvelope } from "@throughline/schemas/way-back/manifest";

/** Asks the one gateway that is configured; follows no redirection. Each throws `unavailable` when there is no answer that can be used. */
export interface GatewayAsker {
  findEnvelope: (interfaces: readonly string[], stop: AbortSignal) => Promise<WayBackEnvelope>;
  /** The part of a digest, which its bytes have. */
  findPart: (digest: string, stop: AbortSignal) => Promise<string>;
}

const TIMEOUT_MS = 60_000;
const MAX_ENVELOPE_BYTES = 2_000_000;
const MAX_PART_BYTES = 128_000_000;

export function createGatewayAsker({ url, key }: { url: string; key: string }): GatewayAsker {
  const base = url.endsWith("/") ? url : `${url}/`;
  const read = async (path: string, { stop, maxBytes }: { stop: AbortSignal; maxBytes: number }) => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
    const headers = { authorization: `Bearer ${key}`, accept: "application/json" };
    const response = await fetch(new URL(path, base), { headers, signal, redirect: "manual" });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new AppError("unavailable", `it answers ${response.status}`);
    }
    return readBounded(response, maxBytes);
  };
  return {
    findEnvelope: async (interfaces, stop) => {
      const query = new URLSearchParams(interfaces.map((name): [string, string] => ["interface", name]));
      const bytes = await read(`v1/edge?${query.toString()}`, { stop, maxBytes: MAX_ENVELOPE_BYTES });
      const parsed = wayBackEnvelope.safeParse(parseJson(bytes.toString("utf8")));
      if (!parsed.success) throw new AppError("unavailable", "it answers something else");
      return parsed.data;
    },
    findPart: async (digest, stop) => {
      const bytes = await read(`v1/edge/part?digest=${digest}`, { stop, maxBytes: MAX_PART_BYTES });
      if (createHash("sha256").update(bytes).digest("hex") !== digest)
        throw new AppError("unavailable", "a part is not what was signed");
      return bytes.toString("utf8");
    },
  };
}

async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new AppError("unavailable", "its answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
