import { DAY } from "./demand.ts";
import type { Event } from "@throughline/schemas/event";
import { noteOnce } from "./incidents.ts";
import { strikeDrift } from "./faults.ts";
import type { EventDraft, Simulation } from "./simulation.ts";

/** The interface, document and version of the events that follow a contract, by type. */
const DOCUMENTS: Readonly<Record<string, { interface: string; document: string }>> = {
  "procurement.purchase_order.issued": { interface: "supplier-orders", document: "850" },
  "supplier.purchase_order.acknowledged": { interface: "supplier-acknowledgements", document: "855" },
  "supplier.shipment.notified": { interface: "supplier-ship-notices", document: "856" },
  "supplier.invoice.issued": { interface: "supplier-invoices", document: "810" },
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  "pharmacy.stock.refilled": "3",
  "erp.invoice.cleared": "pain.001.001.09",
};

const AGREED = "005010";
const DRIFTED = "006020";

/** What an event says of its version: a supplier that tries a release sends a newer one until it takes it back. */
export function toVersion(
  simulation: Simulation,
  { type, source }: Pick<EventDraft, "type" | "source">,
  now: number,
): { dataschema?: string; schema_version?: string } {
  const attribute = ATTRIBUTES[type];
  if (attribute !== undefined) return { schema_version: attribute };
  const contract = DOCUMENTS[type];
  if (contract === undefined) return {};
  const version = findRelease(simulation, source, now) === undefined ? AGREED : DRIFTED;
  return { dataschema: `https://schemas.example/x12/${contract.document}/${version}` };
}

/** Notes the first event of each release that came with another version than was agreed. */
export function noteDrift(simulation: Simulation, event: Event, now: number) {
  const contract = DOCUMENTS[event.type];
  const release = findRelease(simulation, event.source, now);
  if (contract === undefined || release === undefined) return;
  const key = `${contract.interface}/${event.source}/${release.start}`;
  if (simulation.noted.has(key)) return;
  simulation.noted.add(key);
  strikeDrift(simulation, { interface: contract.interface, at: now, end: release.end, event });
}

function findRelease(simulation: Simulation, source: string, now: number) {
  return source.startsWith("/edi/") ? simulation.releases(source).find(now) : undefined;
}

const LIFETIME = 90 * DAY;
const EARLY = 35 * DAY;
/** The one supplier that renews late; its first certificate ends ten days after two weeks of history. */
const LATE_SUPPLIER = 2;
const LATE = 2 * DAY;
const FIRST_END = 24 * DAY;

/** The certificate of a supplier's AS2 server at a time: its subject and its end. */
export function certificateOf(simulation: Simulation, supplier: string, now: number) {
  const { suppliers } = simulation.catalogue;
  const planned = simulation.options.incidents?.("expired-certificate", supplier);
  if (planned !== undefined) return toPlannedCertificate(supplier, planned, now);
  const index = suppliers.findIndex(({ id }) => id === supplier);
  const isLate = index === LATE_SUPPLIER && simulation.options.faults.lateRenewals > 0;
  const renewedBefore = isLate ? LATE : EARLY;
  const firstEnd = simulation.options.from + (isLate ? FIRST_END : EARLY + (index + 1) * 9 * DAY);
  const period = LIFETIME - renewedBefore;
  const renewals = Math.max(0, Math.floor((now - (firstEnd - renewedBefore)) / period) + 1);
  return {
    "tls.server.subject": `CN=as2.${supplier.toLowerCase()}.example`,
    "tls.server.not_after": new Date(firstEnd + renewals * period).toISOString(),
  };
}

/** It ends when it expires, as it is planned, and is renewed for a long time when that is over. */
function toPlannedCertificate(supplier: string, planned: readonly { start: number; end: number }[], now: number) {
  const next = planned.find(({ end }) => end > now);
  return {
    "tls.server.subject": `CN=as2.${supplier.toLowerCase()}.example`,
    "tls.server.not_after": new Date(next?.start ?? now + 2 * LIFETIME).toISOString(),
  };
}

/** The truth of each expired certificate is told when it is renewed, with all that waited for it. */
export function startCertificates(simulation: Simulation) {
  const { incidents } = simulation.options;
  if (incidents === undefined) return;
  for (const { id } of simulation.catalogue.suppliers)
    for (const incident of incidents("expired-certificate", id))
      simulation.schedule(incident.end, (at) => {
        const objects = simulation.waiting.get(id) ?? [];
        const finding = "The interface has the finding certificate, and orders to the supplier wait.";
        const of = `CN=as2.${id.toLowerCase()}.example`;
        noteOnce(simulation, { kind: "expired-certificate", of, incident, at }, { finding, objects });
      });
}

const ITEM_CALLS_AN_HOUR = 60;

/** What the item master says of its limit to one more call in this hour. */
export function takeItemCall(simulation: Simulation, now: number) {
  const hour = Math.floor(now / (DAY / 24));
  const used = (simulation.itemCalls.get(hour) ?? 0) + 1;
  simulation.itemCalls.set(hour, used);
  // Calls of the next hours may be known already, those of long ago never come.
  for (const known of simulation.itemCalls.keys()) if (known < hour - 24) simulation.itemCalls.delete(known);
  return {
    isThrottled: used > ITEM_CALLS_AN_HOUR,
    headers: {
      "http.response.header.x-ratelimit-limit": [String(ITEM_CALLS_AN_HOUR)],
      "http.response.header.x-ratelimit-remaining": [String(Math.max(0, ITEM_CALLS_AN_HOUR - used))],
    },
  };
}
