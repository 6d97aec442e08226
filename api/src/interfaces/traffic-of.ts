import { fitsPattern, type InterfaceDefinition } from "@throughline/schemas/pack/interface";

type Traffic = InterfaceDefinition["traffic"];

/** True when events of a source and type belong to an interface. */
export function ownsEvents(traffic: Traffic, row: { source: string; type: string }): boolean {
  if (traffic.sources === undefined && traffic.types === undefined) return false;
  return fitsAny(row.source, traffic.sources) && fitsAny(row.type, traffic.types);
}

/** True when spans of a service, to a peer, on a route belong to an interface. */
export function ownsSpans(traffic: Traffic, row: { service: string; peer: string; route: string }): boolean {
  if (traffic.services === undefined && traffic.peers === undefined && traffic.routes === undefined) return false;
  return (
    fitsAny(row.service, traffic.services) && fitsAny(row.peer, traffic.peers) && fitsAny(row.route, traffic.routes)
  );
}

function fitsAny(value: string, patterns: readonly string[] | undefined): boolean {
  return patterns === undefined || patterns.some((pattern) => fitsPattern(value, pattern));
}
