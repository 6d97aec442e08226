import { hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Principal } from "@throughline/schemas/access";
import type { Issue } from "@throughline/schemas/error";
import { sizeOfLogBlock } from "@throughline/schemas/rows/log-block";
import { appendQuarantineRow } from "@throughline/schemas/rows/quarantine";
import type { EventLog } from "../log/event-log.ts";
import type { GatewayMetrics } from "../metrics.ts";
import type { GatewayLimits } from "./limits.ts";

/** What every route needs to take something in. */
export interface Intake {
  log: EventLog;
  limits: GatewayLimits;
  metrics: GatewayMetrics;
  objectTypes: ReadonlySet<string> | undefined;
  now: () => number;
}

/** A request whose sender is known and whose body is read. */
export interface IntakeRequest {
  route: string;
  sender: Principal;
  contentType: string;
  /** Headers in lower case. */
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
  requestId: string;
}

/** Something that is not taken in, and why. */
export interface Refusal {
  issues: Issue[];
  bytes: Buffer;
  /** What kind of refusal it is; `invalid_request` unless given. */
  code?: string | undefined;
  /** The object that it was read as, if it was; it says whose it is. */
  value?: unknown;
}

const MAX_STORED_ISSUES = 100;
const MAX_NAME_LENGTH = 512;
const TURN_ENTRIES = 1000;
const CHECK_ENTRIES = 64;
const BLOCK_BYTES = 1024 * 1024;

/** Keeps what was refused, with its bytes up to the limit. It is stored with the next commit of the log. */
export function quarantine(intake: Intake, request: IntakeRequest, refusal: Refusal): void {
  const { bytes, issues, value, code = "invalid_request" } = refusal;
  const type = readName(value, "type");
  appendQuarantineRow(intake.log.blocks.quarantine, {
    arrivedAtMs: intake.now(),
    route: request.route,
    actor: request.sender.id,
    source: readName(value, "source"),
    site: readName(value, "site"),
    domain: type.includes(".") ? type.slice(0, type.indexOf(".")) : "",
    contentType: request.contentType.slice(0, MAX_NAME_LENGTH).toWellFormed(),
    code,
    issues: JSON.stringify(issues.slice(0, MAX_STORED_ISSUES)),
    bytes: bytes.subarray(0, intake.limits.quarantineBytes),
    sizeBytes: bytes.length,
    digest: hash("sha256", bytes, "buffer"),
  });
  intake.metrics.quarantined.inc({ route: request.route });
}

/**
 * Takes entries in one by one and returns when all of them, kept or refused, are on disk. Lets other requests have their
 * turn between, and the log begin to write. Throws `unavailable` when they could not all be stored.
 */
export async function takeInTurns(intake: Intake, count: number, takeIn: (index: number) => void): Promise<void> {
  const stored: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    takeIn(index);
    if (index % CHECK_ENTRIES === CHECK_ENTRIES - 1 && isLarge(intake.log)) stored.push(intake.log.commit());
    if (index % TURN_ENTRIES === TURN_ENTRIES - 1 && index < count - 1) {
      stored.push(intake.log.commit());
      await nextTurn();
    }
  }
  stored.push(intake.log.commit());
  await Promise.all(stored);
}

function isLarge(log: EventLog): boolean {
  return Object.values(log.blocks).some((block) => block.rows > 0 && sizeOfLogBlock(block) > BLOCK_BYTES);
}

/** A member of a refused value as far as it can be used to find it again. */
function readName(value: unknown, name: string): string {
  if (typeof value !== "object" || value === null) return "";
  const member: unknown = Reflect.get(value, name);
  return typeof member === "string" ? member.slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll("\0", "\u{FFFD}") : "";
}
