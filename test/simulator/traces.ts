import type { Random } from "./random.ts";
import { type Step, type Trace, createTrace } from "./trace.ts";

type Objects = readonly (readonly [type: string, id: string])[];
type Timing = Omit<Step, "service" | "name" | "kind">;

interface Place {
  site: string;
  startsAt: number;
}

/** What the item master said of its rate limit. */
interface ItemRate {
  isThrottled: boolean;
  headers: Record<string, string[]>;
}

const RECEIPTS = "/v1/goods-receipts";
const RETRY_EVERY_MS = 90_000;
const MAX_SHOWN_RETRIES = 4;

/** From the cabinet's call to the requisition, over a queue. Steps for events: 0 below par, 2 requisition. */
export function traceRequisition(
  random: Random,
  place: Place,
  what: { objects: Objects; ndc: string; createdMs: number; rate: ItemRate },
): Trace {
  const { objects, ndc, createdMs, rate } = what;
  const start = createdMs - 240;
  const replenishment = queue("replenishment");
  const status = rate.isThrottled ? 429 : 200;
  const lookup = { ...http("GET", status), ...rate.headers, "server.address": "item-master" };
  const item = {
    ...served("GET", "/v2/items/{ndc}", "procurement"),
    "http.response.status_code": status,
    ...rate.headers,
  };
  return createTrace(random, place, [
    server("pharmacy-api", "POST /v1/below-par", {
      at: 0,
      lasts: 62,
      objects,
      attributes: { ...served("POST", "/v1/below-par", "cabinet-os"), "http.response.status_code": 202 },
    }),
    producer("pharmacy-api", "replenishment publish", { parent: 0, at: 31, lasts: 18, attributes: replenishment }),
    consumer("procurement", "replenishment process", {
      parent: 1,
      at: start,
      lasts: 300,
      objects,
      attributes: replenishment,
    }),
    client("procurement", "GET", { parent: 2, at: start + 12, lasts: 74, attributes: lookup }),
    server("item-master", "GET /v2/items/{ndc}", {
      parent: 3,
      at: start + 20,
      lasts: 58,
      attributes: { ...item, "item.ndc": ndc },
    }),
    client("procurement", "INSERT requisition", {
      parent: 2,
      at: start + 140,
      lasts: 41,
      attributes: database("INSERT"),
    }),
  ]);
}

/** From the release of an order to the message that leaves. Steps for events: 1 order created, 4 order issued. */
export function traceOrder(
  random: Random,
  place: Place,
  what: { objects: Objects; supplier: string; issuedMs: number; certificate: Record<string, string> },
): Trace {
  const { objects, supplier, issuedMs, certificate } = what;
  const out = queue("orders-out");
  const as2 = { ...http("POST", 200), "server.address": `as2.${supplier.toLowerCase()}.example`, ...certificate };
  const sent = issuedMs - 900;
  return createTrace(random, place, [
    internal("procurement", "release order", { at: 0, lasts: 480, objects }),
    server("erp", "POST /v1/purchase-orders", {
      parent: 0,
      at: 35,
      lasts: 380,
      objects,
      attributes: served("POST", "/v1/purchase-orders", "procurement"),
    }),
    client("erp", "INSERT ekko, ekpo", { parent: 1, at: 90, lasts: 210, attributes: database("INSERT") }),
    producer("procurement", "orders-out publish", { parent: 0, at: 440, lasts: 15, attributes: out }),
    consumer("supplier-gateway", "orders-out process", { parent: 3, at: sent, lasts: 960, objects, attributes: out }),
    internal("supplier-gateway", "translate X12 850", { parent: 4, at: sent + 30, lasts: 130, attributes: edi("850") }),
    client("supplier-gateway", "POST", { parent: 4, at: sent + 200, lasts: 690, attributes: as2 }),
  ]);
}

/** From the scanner at the dock to the books, with the attempts that failed. Steps for events: 0 and the last but one. */
export function traceReceipt(
  random: Random,
  place: Place,
  what: { objects: Objects; postedMs: number; isOutage: boolean },
): Trace {
  const { objects, postedMs, isOutage } = what;
  const retries = isOutage ? Math.min(MAX_SHOWN_RETRIES, Math.floor(postedMs / RETRY_EVERY_MS)) : 0;
  const attempts = Array.from({ length: retries }, (_, attempt) => toFailedAttempt(attempt));
  const sent = retries + 1;
  const toErp = { ...http("POST", 201), "server.address": "erp", "url.template": RECEIPTS };
  const posting = {
    parent: sent,
    at: postedMs - 590,
    lasts: 600,
    objects,
    attributes: served("POST", RECEIPTS, "receiving"),
  };
  return createTrace(random, place, [
    server("receiving", "POST /receipts", { at: 0, lasts: 88, objects, attributes: http("POST", 201) }),
    ...attempts,
    client("receiving", "POST", { parent: 0, at: postedMs - 620, lasts: 640, attributes: toErp }),
    server("erp", `POST ${RECEIPTS}`, posting),
    client("erp", "INSERT mseg, bseg", {
      parent: sent + 1,
      at: postedMs - 480,
      lasts: 350,
      attributes: database("INSERT"),
    }),
  ]);
}

/** From the invoice message to the invoice in the ERP. Step for the event: 2. */
export function traceInvoice(random: Random, place: Place, what: { objects: Objects }): Trace {
  const { objects } = what;
  return createTrace(random, place, [
    consumer("supplier-gateway", "mailbox receive", { at: 0, lasts: 1250, attributes: edi("810") }),
    internal("supplier-gateway", "translate X12 810", { parent: 0, at: 60, lasts: 170, attributes: edi("810") }),
    server("erp", "POST /invoices", { parent: 0, at: 320, lasts: 860, objects, attributes: http("POST", 201) }),
    client("erp", "INSERT rbkp, rseg", { parent: 2, at: 500, lasts: 420, attributes: database("INSERT") }),
  ]);
}

function toFailedAttempt(attempt: number): Step {
  const attributes = {
    ...http("POST", 503),
    "server.address": "erp",
    "url.template": RECEIPTS,
    "http.request.resend_count": attempt,
  };
  const at = 2000 + attempt * RETRY_EVERY_MS;
  return {
    ...client("receiving", "POST", { parent: 0, at, lasts: 5003, attributes }),
    error: "503 Service Unavailable",
  };
}

function server(service: string, name: string, timing: Timing): Step {
  return { service, name, kind: "server", ...timing };
}

function client(service: string, name: string, timing: Timing): Step {
  return { service, name, kind: "client", ...timing };
}

function producer(service: string, name: string, timing: Timing): Step {
  return { service, name, kind: "producer", ...timing };
}

function consumer(service: string, name: string, timing: Timing): Step {
  return { service, name, kind: "consumer", ...timing };
}

function internal(service: string, name: string, timing: Timing): Step {
  return { service, name, kind: "internal", ...timing };
}

function http(method: string, status: number): Record<string, string | number> {
  return { "http.request.method": method, "http.response.status_code": status };
}

/** A call as the service that answers sees it. */
function served(method: string, route: string, caller: string): Record<string, string | number> {
  const status = method === "POST" ? 201 : 200;
  return { ...http(method, status), "http.route": route, "user_agent.original": `${caller}/4.2.1` };
}

function queue(name: string): Record<string, string> {
  return { "messaging.system": "rabbitmq", "messaging.destination.name": name };
}

function database(operation: string): Record<string, string> {
  return { "db.system.name": "postgresql", "db.operation.name": operation };
}

function edi(transaction: string): Record<string, string> {
  return { "edi.transaction": transaction };
}
