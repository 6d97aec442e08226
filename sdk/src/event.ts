/** The types of business objects that the default pack declares. */
export type CanonicalObjectType =
  | "item"
  | "lot"
  | "location"
  | "site"
  | "supplier"
  | "contract"
  | "replenishment"
  | "requisition"
  | "purchase_order"
  | "purchase_order_line"
  | "acknowledgment"
  | "shipment"
  | "goods_receipt"
  | "return"
  | "stock_movement"
  | "dispense"
  | "service_entry"
  | "invoice"
  | "invoice_line"
  | "credit_memo"
  | "debit_memo"
  | "payment"
  | "journal_entry"
  | "period"
  | "message"
  | "interface";

/** A business object by type and id; `T` are types that your own pack declares beside the canonical ones. The id is sent exactly as given. */
export interface ObjectRef<T extends string = never> {
  type: CanonicalObjectType | T;
  /** 1 to 512 characters. */
  id: string;
  role?: string;
}

/** A quantity with its unit or an amount with its ISO 4217 currency. `value` is an exact decimal such as `"12.50"`. */
export type Measure =
  | { value: string; unit: string; currency?: never }
  | { value: string; currency: string; unit?: never };

export type Outcome = "ok" | "failed" | "rejected" | "retried";

/** Who has to act when a step fails, and whether trying again can help. */
export type ErrorClass =
  | "transport"
  | "timeout"
  | "rate_limit"
  | "auth"
  | "contract"
  | "mapping"
  | "business_rule"
  | "duplicate"
  | "sequencing"
  | "missing"
  | "late"
  | "poison";

/** Why a step failed. `code` has at most 128 characters, `message` 4,096. */
export interface EventError {
  class: ErrorClass;
  code?: string;
  message?: string;
  retryable?: boolean;
}

/** What an event takes back: another event, of this source unless one is named, or a milestone of an object. */
export type Reversal<T extends string = never> =
  | { id: string; source?: string; object?: never; milestone?: never }
  | { object: ObjectRef<T>; milestone: string; id?: never; source?: never };

/** How important an event is when not everything can be kept. */
export type Criticality = "critical" | "high" | "standard";

export type AttributeValue = string | number | boolean | null | readonly string[];

/** `<domain>.<object>.<verb>` in lower case, such as `erp.goods_receipt.posted`. */
export type EventType = `${string}.${string}.${string}`;

/** What happened, and to which business objects. */
export interface EventContent<T extends string = never> {
  /** At most 1,000. */
  objects?: readonly ObjectRef<T>[];
  outcome?: Outcome;
  /** Of `time` only the day is known: in `zone`, an IANA time zone, else at the offset with which it is written. */
  precision?: "day";
  zone?: string;
  error?: EventError;
  /** 0 to 65,535. */
  attempt?: number;
  /** A revision above 0 supersedes the lower ones of the same id and needs a reason. */
  revision?: number;
  reason?: string;
  reverses?: Reversal<T>;
  /** At most 64; names are lower-case words. */
  measures?: Readonly<Record<string, Measure>>;
  /** At most 128; only those on the allow-list are sent. */
  attributes?: Readonly<Record<string, AttributeValue | undefined>>;
}

/** An event as the host gives it. */
export interface EventInput<T extends string = never> extends EventContent<T> {
  type: EventType;
  /** A UUIDv7 unless given. The same id, revision and content again is a duplicate, without effect. */
  id?: string;
  /** When it happened; the moment of the call unless given. A number is milliseconds since 1970. */
  time?: Date | string | number;
  /** Instead of the site of the options. */
  site?: string;
  subject?: string;
  /** A whole number as text that counts the source's events without gaps. */
  sequence?: string;
  /** What is kept longest when the queue is full. Unless given, the attribute `criticality` says it, else it is `standard`. */
  criticality?: Criticality;
}

/** An event as it is sent: CloudEvents 1.0. */
export interface SentEvent {
  specversion: "1.0";
  id: string;
  source: string;
  type: string;
  time: string;
  site?: string;
  subject?: string;
  sequence?: string;
  traceparent?: string;
  tracestate?: string;
  data: EventContent<string>;
}
