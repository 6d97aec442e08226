import { AppError, type Issue } from "@throughline/schemas/error";
import { parseEvent } from "@throughline/schemas/event-validator";
import { appendEventRow } from "@throughline/schemas/rows/events";
import { findSenderIssues } from "../normalize/sender-rules.ts";
import { toEventRow } from "../normalize/to-event-row.ts";
import { type EventInput, readEventInput } from "./event-input.ts";
import { type Intake, type IntakeRequest, quarantine, takeInTurns } from "./intake.ts";
import { type Reply, toJsonReply, toProblemReply } from "./reply.ts";

const MAX_ANSWERED_ISSUES = 1000;

/**
 * Takes events in. Answers 202 when all are stored; 400 when some were refused, with the path and the reason of each: they
 * are in quarantine, and the others are stored all the same.
 */
export async function postEvents(intake: Intake, request: IntakeRequest): Promise<Reply> {
  const read = readEventInput(request);
  if (!read.ok) return refuseBody(intake, request, read.issues);
  const { input } = read;
  if (input.count > intake.limits.entries)
    throw new AppError("payload_too_large", `More than ${intake.limits.entries} events were sent at once.`);
  const issues: Issue[] = [];
  let refused = 0;
  await takeInTurns(intake, input.count, (index) => {
    const found = takeEvent(intake, request, { input, index });
    if (found.length === 0) return;
    refused++;
    for (const { path, message } of found)
      if (issues.length < MAX_ANSWERED_ISSUES) issues.push({ path: `${input.pathOf(index)}${path}`, message });
  });
  const accepted = input.count - refused;
  intake.metrics.accepted.inc({ route: request.route }, accepted);
  if (refused === 0) return toJsonReply(202, { accepted, refused });
  const detail = `${refused} of ${input.count} events were refused and are kept in quarantine; the others are stored.`;
  const error = new AppError("invalid_request", detail, { issues });
  return toProblemReply(error, request.requestId, { accepted, refused });
}

/** Stores one event, or keeps it in quarantine and says why. */
function takeEvent(intake: Intake, request: IntakeRequest, at: { input: EventInput; index: number }): Issue[] {
  const entry = at.input.read(at.index);
  const { issues, code } = entry.ok
    ? storeEvent(intake, request, entry.value)
    : { issues: entry.issues, code: undefined };
  const bytes = () => at.input.bytesOf(at.index);
  if (issues.length > 0)
    quarantine(intake, request, { issues, code, bytes: bytes(), ...(entry.ok && { value: entry.value }) });
  return issues;
}

function storeEvent(
  intake: Intake,
  request: IntakeRequest,
  value: unknown,
): { issues: Issue[]; code?: string | undefined } {
  const parsed = parseEvent(value);
  if (!parsed.ok) return { issues: parsed.issues };
  const issues = findSenderIssues(parsed.event, { sender: request.sender, objectTypes: intake.objectTypes });
  if (issues.length > 0) return { issues };
  const result = toEventRow(parsed.event, { nowMs: intake.now(), maxAheadMs: intake.limits.maxAheadMs });
  if (!result.ok) return result;
  appendEventRow(intake.log.blocks.events, result.row);
  return { issues: [] };
}

/** A body that cannot be read at all is kept as a whole. */
async function refuseBody(intake: Intake, request: IntakeRequest, issues: Issue[]): Promise<Reply> {
  quarantine(intake, request, { issues, bytes: request.body });
  await intake.log.commit();
  const error = new AppError("invalid_request", "The body cannot be read; it is kept in quarantine.", { issues });
  return toProblemReply(error, request.requestId, { accepted: 0, refused: 1 });
}
