import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Principal } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { toDurationMs } from "../../edge/run/duration-ms.ts";
import { toMediaType } from "../receive/media-type.ts";
import { toJsonReply, toProblemReply } from "../receive/reply.ts";
import type { IntakeRoute } from "../receive/routes.ts";
import { takeDocuments } from "../receive/take-documents.ts";
import { createRate } from "./rate.ts";
import type { Hook } from "./read-hooks.ts";
import { createSeenMessages } from "./seen-messages.ts";

/** Of plain HMACs, which say nothing of time. */
const UNTIMED_MS = 24 * 3_600_000;
const MOST_SEEN = 100_000;

/** The media types that a format comes in; of the others anything may be said. */
const MEDIA_TYPES: Partial<Record<DocumentFormat, RegExp>> = {
  json: /^application\/(json|[^/]+\+json)$/,
  fhir: /^(application\/(json|xml|[^/]+\+(json|xml))|text\/xml)$/,
  epcis: /^(application\/(json|xml|[^/]+\+(json|xml))|text\/xml)$/,
  cxml: /^(application\/(xml|[^/]+\+xml)|text\/xml)$/,
  ubl: /^(application\/(xml|[^/]+\+xml)|text\/xml)$/,
};

/**
 * Takes the messages of one webhook. Its signature is its key: what is not signed as agreed is refused (401) before anything of it is read.
 * A message that was taken is answered 202 again and stored once; another one under its id is refused.
 */
export function createHookRoute(hook: Hook, now: () => number): IntakeRoute {
  const { config, verify, mapper, layout } = hook;
  const { format, site, source, zone, signature, perMinute } = config;
  const sender: Principal = {
    id: `hook:${config.interface}`,
    name: `Webhook ${config.interface}`,
    roles: ["ingest"],
    scope: config.scope,
  };
  const rate = createRate({ perMinute, now });
  const keepMs = signature.scheme === "standard" ? 2 * toDurationMs(signature.tolerance) : UNTIMED_MS;
  const seen = createSeenMessages({ keepMs, most: MOST_SEEN, now });
  return {
    keepsBytes: false,
    bodyBytes: config.maxBytes,
    admit: (headers) => {
      refuseMedia(headers, format);
      const waitMs = rate.take();
      if (waitMs === 0) return sender;
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      throw new AppError("too_many_requests", "More messages come than were agreed.", { retryAfterSeconds });
    },
    take: async (intake, request) => {
      const verified = verify(request.headers, request.body, now());
      if (!verified.ok) throw new AppError("unauthenticated", `It is not signed as agreed: ${verified.reason}.`);
      const { identity } = verified;
      const digest = createHash("sha256").update(request.body).digest("hex");
      const before = seen.find(identity);
      if (before === digest) return toJsonReply(202, { accepted: 0, documents: 0, isRepeated: true });
      if (before !== undefined) throw new AppError("invalid_request", "Another message was taken under this id.");
      const reply = await takeDocuments(intake, request, { format, layout, mapper, identity, site, source, zone });
      if (reply.status === 202) seen.add(identity, digest);
      return reply;
    },
    toErrorReply: (error, { requestId }) => {
      const reply = toProblemReply(error, requestId);
      if (error.status !== 401) return reply;
      return { ...reply, headers: { ...reply.headers, "www-authenticate": 'Signature realm="throughline"' } };
    },
  };
}

/** A signature is of the bytes that are sent, so nothing may be wrapped around them. */
function refuseMedia(headers: IncomingHttpHeaders, format: DocumentFormat): void {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.trim().toLowerCase() !== "identity")
    throw new AppError("unsupported_media_type", "Send messages without a content encoding.");
  const expected = MEDIA_TYPES[format];
  if (expected !== undefined && !expected.test(toMediaType(headers["content-type"])))
    throw new AppError("unsupported_media_type", `The content type must be one of the format ${format}.`);
}
