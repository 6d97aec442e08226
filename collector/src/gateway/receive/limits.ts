/** Bounds of everything that a caller can make large or slow. Sizes in bytes. */
export interface GatewayLimits {
  /** Of a body as it is sent. */
  bodyBytes: number;
  /** Of a body after inflation. */
  inflatedBytes: number;
  /** Events, spans or log records of one request. */
  entries: number;
  /** Bodies and rows in memory, of all requests together. */
  waitingBytes: number;
  /** Of the write-ahead log on disk. */
  logBytes: number;
  /** Of a refused body or event that are kept. */
  quarantineBytes: number;
  /** How far the time of an event may lie ahead of this clock. */
  maxAheadMs: number;
  /** How far back a span or log record may lie, and how far ahead: tables are cut by month. */
  telemetryPastMs: number;
  telemetryAheadMs: number;
  /** For a whole request to come in. */
  requestTimeoutMs: number;
  /** A batch ends at this many rows or bytes, or when rows have waited this long for others; four times as long when many come. */
  batchRows: number;
  batchBytes: number;
  lingerMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const MIB = 1024 * 1024;

export const GATEWAY_LIMITS: GatewayLimits = {
  bodyBytes: 16 * MIB,
  inflatedBytes: 64 * MIB,
  entries: 100_000,
  waitingBytes: 256 * MIB,
  logBytes: 4096 * MIB,
  quarantineBytes: MIB,
  maxAheadMs: 10 * MINUTE_MS,
  telemetryPastMs: 400 * DAY_MS,
  telemetryAheadMs: DAY_MS,
  requestTimeoutMs: MINUTE_MS,
  batchRows: 50_000,
  batchBytes: 16 * MIB,
  lingerMs: 250,
};
