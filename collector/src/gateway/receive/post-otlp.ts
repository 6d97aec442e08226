import { AppError, type Issue } from "@throughline/schemas/error";
import { appendLogRow } from "@throughline/schemas/rows/otel-logs";
import { appendSpanRow } from "@throughline/schemas/rows/otel-traces";
import type { LogFields, OtlpEntry, SpanFields } from "../otlp/fields.ts";
import { readLogsRequestJson, readTraceRequestJson } from "../otlp/json-request.ts";
import { readLogsRequest, readTraceRequest } from "../otlp/protobuf-request.ts";
import { type Encoding, toExportReply } from "../otlp/replies.ts";
import { type RowResult, type TelemetryRules, toLogRow, toSpanRow } from "../otlp/to-rows.ts";
import { type Intake, type IntakeRequest, quarantine, takeInTurns } from "./intake.ts";
import { toMediaType } from "./media-type.ts";
import type { Reply } from "./reply.ts";

/** One kind of telemetry: how its request is read and where its rows go. */
interface Signal<T, R> {
  /** Name of the count of refused entries in the answer. */
  rejectedMember: string;
  readProtobuf(bytes: Buffer): OtlpEntry<T>[];
  readJson(value: unknown): OtlpEntry<T>[];
  toRow(entry: OtlpEntry<T>, fields: T, rules: TelemetryRules): RowResult<R>;
  append(intake: Intake, row: R): void;
}

const TRACES: Signal<SpanFields, Parameters<typeof appendSpanRow>[1]> = {
  rejectedMember: "rejectedSpans",
  readProtobuf: readTraceRequest,
  readJson: readTraceRequestJson,
  toRow: toSpanRow,
  append: (intake, row) => appendSpanRow(intake.log.blocks.otel_traces, row),
};

const LOGS: Signal<LogFields, Parameters<typeof appendLogRow>[1]> = {
  rejectedMember: "rejectedLogRecords",
  readProtobuf: readLogsRequest,
  readJson: readLogsRequestJson,
  toRow: toLogRow,
  append: (intake, row) => appendLogRow(intake.log.blocks.otel_logs, row),
};

/** Takes spans in. Answers 200 when all that are not counted as rejected are stored. */
export function postTraces(intake: Intake, request: IntakeRequest): Promise<Reply> {
  return postSignal(intake, request, TRACES);
}

/** Takes log records in, in the same way. */
export function postLogs(intake: Intake, request: IntakeRequest): Promise<Reply> {
  return postSignal(intake, request, LOGS);
}

/** The encoding that a content type names; undefined for any other. */
export function findEncoding(contentType: string | undefined): Encoding | undefined {
  const mediaType = toMediaType(contentType);
  if (mediaType === "application/x-protobuf") return "protobuf";
  return mediaType === "application/json" ? "json" : undefined;
}

async function postSignal<T, R>(intake: Intake, request: IntakeRequest, signal: Signal<T, R>): Promise<Reply> {
  const encoding = findEncoding(request.contentType);
  if (!encoding)
    throw new AppError(
      "unsupported_media_type",
      "The content type must be application/x-protobuf or application/json.",
    );
  const entries = await readEntries(intake, request, () =>
    encoding === "json" ? signal.readJson(parseJson(request.body)) : signal.readProtobuf(request.body),
  );
  if (entries.length > intake.limits.entries)
    throw new AppError("payload_too_large", `More than ${intake.limits.entries} entries were sent at once.`);
  const nowMs = intake.now();
  const { telemetryPastMs, telemetryAheadMs } = intake.limits;
  const rules = { sender: request.sender, earliestMs: nowMs - telemetryPastMs, latestMs: nowMs + telemetryAheadMs };
  let count = 0;
  let message = "";
  await takeInTurns(intake, entries.length, (index) => {
    const entry = entries[index];
    const issues = entry ? takeEntry(intake, { entry, signal, rules }) : [];
    if (issues.length === 0) return;
    quarantine(intake, request, { issues, bytes: entry?.bytes() ?? Buffer.alloc(0) });
    count++;
    message ||= `Entry ${index}: ${issues.map((issue) => `${issue.path} ${issue.message}`).join("; ")}`;
  });
  intake.metrics.accepted.inc({ route: request.route }, entries.length - count);
  return toExportReply(encoding, { member: signal.rejectedMember, count, message });
}

function takeEntry<T, R>(
  intake: Intake,
  given: { entry: OtlpEntry<T>; signal: Signal<T, R>; rules: TelemetryRules },
): Issue[] {
  const { entry, signal, rules } = given;
  try {
    const result = signal.toRow(entry, entry.read(), rules);
    if (!result.ok) return result.issues;
    signal.append(intake, result.row);
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return error.issues;
    throw error;
  }
}

/** A body that cannot be read at all is kept as a whole before it is refused. */
async function readEntries<T>(
  intake: Intake,
  request: IntakeRequest,
  read: () => OtlpEntry<T>[],
): Promise<OtlpEntry<T>[]> {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") {
      quarantine(intake, request, { issues: error.issues, bytes: request.body });
      await intake.log.commit();
    }
    throw error;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    const message = `is not JSON: ${error instanceof Error ? error.message.slice(0, 200).toWellFormed() : ""}`;
    throw new AppError("invalid_request", `The body ${message}`, { issues: [{ path: "", message }] });
  }
}
