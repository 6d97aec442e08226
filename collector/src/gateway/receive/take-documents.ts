import { AppError, type Issue } from "@throughline/schemas/error";
import type { Event } from "@throughline/schemas/event";
import type { DocumentFormat, DocumentMapping } from "@throughline/schemas/pack/document-mapping";
import { appendEventRow } from "@throughline/schemas/rows/events";
import type { Finding } from "../../edge/formats/document.ts";
import { parseDocuments } from "../../edge/formats/parse-documents.ts";
import type { DocumentMapper } from "../../edge/map/document-mapper.ts";
import { findSenderIssues } from "../normalize/sender-rules.ts";
import { toEventRow } from "../normalize/to-event-row.ts";
import { type Intake, type IntakeRequest, quarantine, takeInTurns } from "./intake.ts";
import { type Reply, toJsonReply, toProblemReply } from "./reply.ts";

const MAX_ANSWERED = 1000;
const NO_BYTES = Buffer.alloc(0);

/** How the documents of a body are read. */
export interface DocumentReading {
  format: DocumentFormat;
  /** Says where columns and records are. */
  layout: Pick<DocumentMapping, "csv" | "fixedWidth" | "json">;
  mapper: DocumentMapper;
  /** What tells the body apart, in hexadecimal; what has no native number is named by it. */
  identity: string;
  site: string | undefined;
  source: string | undefined;
  zone?: string | undefined;
}

/** What the documents of a body became. */
interface Taken {
  events: Event[];
  documents: number;
  tests: number;
  findings: Finding[];
  issues: Issue[];
}

/**
 * Takes native documents in: they are read, redacted and mapped before anything is written, and only events are stored. Answers
 * 202 with the findings; 400 when a document became no event. What was refused is named in quarantine without its bytes.
 */
export async function takeDocuments(intake: Intake, request: IntakeRequest, reading: DocumentReading): Promise<Reply> {
  const taken = await readDocuments(request.body, reading, intake.limits.entries);
  const before = taken.issues.length;
  await takeInTurns(intake, taken.events.length, (index) => {
    const event = taken.events[index];
    if (event !== undefined) taken.issues.push(...storeEvent(intake, request, event));
  });
  const accepted = taken.events.length - (taken.issues.length - before);
  intake.metrics.accepted.inc({ route: request.route }, accepted);
  const summary = {
    accepted,
    documents: taken.documents,
    tests: taken.tests,
    findings: taken.findings.slice(0, MAX_ANSWERED),
  };
  if (taken.issues.length === 0) return toJsonReply(202, summary);
  quarantine(intake, request, { issues: taken.issues, bytes: NO_BYTES });
  await intake.log.commit();
  const error = new AppError("invalid_request", "Some documents became no event; the others are stored.", {
    issues: taken.issues.slice(0, MAX_ANSWERED),
  });
  return toProblemReply(error, request.requestId, summary);
}

async function readDocuments(body: Buffer, reading: DocumentReading, entries: number): Promise<Taken> {
  const { format, layout, mapper, identity: digest, site, source, zone } = reading;
  const taken: Taken = { events: [], documents: 0, tests: 0, findings: [], issues: [] };
  for await (const item of parseDocuments(format, [body], { layout })) {
    taken.findings.push(...item.findings);
    if (item.document === undefined) continue;
    const { ordinal } = item.position;
    taken.documents++;
    const mapped = mapper.map(item.document, { digest, ordinal, site, source, zone });
    taken.events.push(...mapped.events);
    if (taken.events.length > entries)
      throw new AppError("payload_too_large", `The documents make more than ${entries} events; send them apart.`);
    for (const { code, reason } of mapped.unmapped)
      if (code === "test") taken.tests++;
      else taken.issues.push({ path: `/${ordinal}`, message: reason });
  }
  if (taken.documents === 0) taken.issues.push({ path: "", message: `holds no document of the format ${format}` });
  return taken;
}

/** Stores one event; why not, if not, by the event's id. */
function storeEvent(intake: Intake, request: IntakeRequest, event: Event): Issue[] {
  const found = findSenderIssues(event, { sender: request.sender, objectTypes: intake.objectTypes });
  const named = (issues: readonly Issue[]) =>
    issues.slice(0, 1).map(({ path, message }) => ({ path: `/${event.id}${path}`, message }));
  if (found.length > 0) return named(found);
  const result = toEventRow(event, { nowMs: intake.now(), maxAheadMs: intake.limits.maxAheadMs });
  if (!result.ok) return named(result.issues);
  appendEventRow(intake.log.blocks.events, result.row);
  return [];
}
