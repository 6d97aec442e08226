import { appendFileSync } from "node:fs";
import type { Event } from "@throughline/schemas/event";
import type { GatewayClient } from "./gateway-client.ts";
import type { ServiceSpan } from "./otlp.ts";
import type { Dispatch } from "./simulation.ts";
import type { TruthRow } from "./truth.ts";

export interface SentCounts {
  events: number;
  spans: number;
  faults: number;
}

/** Collects what is to be sent into requests. */
export interface Sender {
  /** Resolves at once, or as soon as the gateway has kept up with what came before. */
  add(dispatch: Dispatch): Promise<void>;
  /** Resolves when everything that was added is on the gateway's disk and the truth is in its file. */
  flush(): Promise<void>;
  counts(): SentCounts;
}

const BATCH_EVENTS = 500;
const BATCH_SPANS = 1000;
const MAX_IN_FLIGHT = 4;

/** A sender with at most four requests on their way; a failure of one is thrown by the next call. */
export function createSender(client: GatewayClient, truthFile: string): Sender {
  const counts: SentCounts = { events: 0, spans: 0, faults: 0 };
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let events: Event[] = [];
  let spans: ServiceSpan[] = [];
  let truth: TruthRow[] = [];
  const start = (request: Promise<void>) => {
    const tracked: Promise<void> = request
      .catch((error: unknown) => void failures.push(error))
      .finally(() => inFlight.delete(tracked));
    inFlight.add(tracked);
  };
  const startEvents = () => {
    if (events.length > 0) start(client.sendEvents(events));
    events = [];
  };
  const startSpans = () => {
    if (spans.length > 0) start(client.sendSpans(spans));
    spans = [];
  };
  const throwFailure = () => {
    if (failures.length > 0) throw failures[0];
  };
  const collect = (dispatch: Dispatch) => {
    if (dispatch.kind === "event") {
      events.push(dispatch.event);
      counts.events += 1;
    } else if (dispatch.kind === "malformed") {
      start(client.sendMalformed(dispatch.body));
    } else if (dispatch.kind === "spans") {
      spans.push(...dispatch.spans);
      counts.spans += dispatch.spans.length;
    } else {
      truth.push(dispatch.row);
      counts.faults += 1;
    }
  };
  return {
    add: async (dispatch) => {
      throwFailure();
      collect(dispatch);
      if (events.length >= BATCH_EVENTS) startEvents();
      if (spans.length >= BATCH_SPANS) startSpans();
      while (inFlight.size >= MAX_IN_FLIGHT) await Promise.race(inFlight);
    },
    flush: async () => {
      startEvents();
      startSpans();
      await Promise.all(inFlight);
      throwFailure();
      if (truth.length > 0) appendFileSync(truthFile, truth.map((row) => `${JSON.stringify(row)}\n`).join(""));
      truth = [];
    },
    counts: () => ({ ...counts }),
  };
}
