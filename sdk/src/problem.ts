/** Why an event was not sent. */
export type DropReason =
  /** It cannot be an event: no type, an invalid time, an id that is no text. */
  | "invalid"
  /** It is larger than the gateway takes. */
  | "too_large"
  /** The redaction hook held it back, or failed. */
  | "redacted"
  /** The queue was full of what is at least as critical. */
  | "queue_full"
  /** The spool was full of what is at least as critical. */
  | "spool_full"
  /** The spool could not be written or read back. */
  | "spool_damaged"
  /** It came after `shutdown`. */
  | "after_shutdown"
  /** `shutdown` ended before it could be sent. */
  | "shutdown"
  /** The gateway failed on it while it took others. */
  | "poison"
  /** There is no gateway and no exporter that can be used. */
  | "unconfigured";

export const DROP_REASONS: readonly DropReason[] = [
  "invalid",
  "too_large",
  "redacted",
  "queue_full",
  "spool_full",
  "spool_damaged",
  "after_shutdown",
  "shutdown",
  "poison",
  "unconfigured",
];

/** Something that the host's developer should know. The SDK never throws it. */
export interface Problem {
  code: "dropped" | "refused" | "delivery" | "spool" | "configuration" | "tracing";
  message: string;
  /** Of `dropped`. */
  reason?: DropReason;
  /** How many events it concerns; of what repeats, all since it was last told. */
  count: number;
  /** Of `refused`: where in the event, and what is wrong there. */
  issues?: readonly { path: string; message: string }[];
}

/** Figures since the start. `emitted` is always the sum of `sent`, `refused`, `queued`, `spooled` and all of `dropped`. */
export interface Stats {
  emitted: number;
  /** Acknowledged: on the gateway's disk. */
  sent: number;
  /** Refused by the gateway, which keeps them in quarantine. */
  refused: number;
  /** In memory, those on their way included. */
  queued: number;
  queuedBytes: number;
  /** On disk, waiting for the gateway. Those that an earlier process left are in `recovered` as well. */
  spooled: number;
  spooledBytes: number;
  /** Found in the spool at the start. They are part of `emitted`. */
  recovered: number;
  dropped: Readonly<Record<DropReason, number>>;
  /** Attributes left out because they are not on the allow-list, or are of no type that can be sent. */
  removedAttributes: number;
  /** Texts cut to their limit. */
  clippedTexts: number;
  /** Requests that had to be sent again. */
  retries: number;
  /** Age of the oldest event in memory, in milliseconds: send time less the time of the call. */
  oldestQueuedMs: number;
  /** The gateway's clock less this one's, in milliseconds, true to within `errorMs`. Stated only: no time is changed by it. */
  clock: { offsetMs: number; errorMs: number } | undefined;
}
