import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { SourceOf } from "../config/edge-source.ts";
import { readSecret } from "../config/read-secret.ts";
import { toPauseMs } from "../forward/back-off.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import { openCursorFile } from "./cursor-file.ts";
import { findNextPage } from "./next-page.ts";
import { type Page, getPage } from "./get-page.ts";
import type { RunningSource, SourceParts } from "./source.ts";

const progress = z.object({
  /** The address of the page that is read next. */
  next: z.string(),
  /** What it held when it was read last. */
  digest: z.string().optional(),
});

/**
 * Asks an API again and again, page by page, from where it stood when it was stopped. A page that holds what it held before is not read
 * twice; one that was read and not noted is, with the same ids. What the API says of its limits is heeded.
 */
export function pollHttp(config: SourceOf<"http-poll">, parts: SourceParts): RunningSource {
  const { take, logger, now } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const headers = { accept: config.accept, ...(config.headersFile && parseHeaders(readSecret(config.headersFile))) };
  const file = openCursorFile(parts.directory, "page", progress);
  const first = toFirst(config);
  let at = file.read() ?? { next: first };
  if (new URL(at.next).origin !== new URL(first).origin) at = { next: first };
  let completeAt: number | undefined;
  let failure: string | undefined;
  let failures = 0;
  /** Returns how long to wait before the next page. */
  const readPage = async (): Promise<number> => {
    const askedAt = now();
    const page = await getPage(at.next, { headers, signal, now });
    if (page.kind === "failed") return fail(page);
    const digest = createHash("sha256").update(page.body).digest("hex");
    if (digest !== at.digest && page.body.length > 0)
      await take({ identity: digest, stream: [page.body], raw: page.body, isPatient: true });
    const next = findNextPage(config.cursor, { page, asked: at.next });
    const isLast = next === undefined || next === at.next;
    at = isLast ? { next: at.next, digest } : { next };
    await file.write(at);
    [failure, failures] = [undefined, 0];
    if (isLast) completeAt = askedAt;
    return Math.max(isLast ? toDurationMs(config.every) : 0, page.waitMs);
  };
  const fail = ({ reason, afterMs }: Extract<Page, { kind: "failed" }>): number => {
    failures++;
    if (failure !== reason && !signal.aborted) logger.warn({ reason }, "The API cannot be read; it is asked again");
    failure = reason;
    return toPauseMs(failures, afterMs, Math.random());
  };
  const run = async () => {
    while (!signal.aborted) {
      const waitMs = await readPage().catch((error: unknown) =>
        fail({ kind: "failed", reason: error instanceof AppError ? error.message : "unknown", afterMs: undefined }),
      );
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    completeAt: () => completeAt,
    failure: () => failure,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

function toFirst({ url, cursor }: SourceOf<"http-poll">): string {
  const first = new URL(url);
  if (cursor !== undefined && cursor.from !== "link" && cursor.start !== undefined)
    first.searchParams.set(cursor.parameter, cursor.start);
  return first.href;
}

/** Lines of `Name: value`. Throws `invalid_configuration`; never says what stands in them. */
function parseHeaders(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line, index) => {
      const found = /^(?<name>[A-Za-z0-9-]{1,64}):\s*(?<value>[\x20-\x7e]{1,4096})$/.exec(line.trim())?.groups;
      if (found === undefined)
        throw new AppError("invalid_configuration", `Line ${index + 1} of the file of headers is no header.`);
      return [found["name"] ?? "", found["value"] ?? ""];
    }),
  );
}
