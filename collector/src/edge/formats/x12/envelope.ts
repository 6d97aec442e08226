import type { FindingList } from "../finding-list.ts";
import type { ControlTracker } from "./control-tracker.ts";

/** The interchange and group that are open, and what was counted in them. */
export interface Envelope {
  findings: FindingList;
  tracker: ControlTracker;
  isa: readonly string[] | undefined;
  gs: readonly string[] | undefined;
  groups: number;
  sets: number;
  setNumbers: Set<string>;
  groupNumbers: Set<string>;
}

export function createEnvelope(findings: FindingList, tracker: ControlTracker): Envelope {
  return {
    findings,
    tracker,
    isa: undefined,
    gs: undefined,
    groups: 0,
    sets: 0,
    setNumbers: new Set(),
    groupNumbers: new Set(),
  };
}

/** Takes ISA, GS, GE and IEA and compares what they say with what was seen; false for any other segment. */
export function takeEnvelope(envelope: Envelope, elements: readonly string[]): boolean {
  const take = TAKES.get(elements[0] ?? "");
  take?.(envelope, elements);
  return take !== undefined;
}

/** Begins a set; true when its number was seen in this group before. */
export function openSet(envelope: Envelope, control: string): boolean {
  envelope.sets++;
  const isRepeated = envelope.setNumbers.has(control);
  if (isRepeated)
    envelope.findings.add(
      "duplicate_control",
      `set ${toShownNumber(control)}`,
      `has the number of an earlier set of ${nameGroup(envelope)}`,
    );
  envelope.setNumbers.add(control);
  return isRepeated;
}

export function closeSet(
  envelope: Envelope,
  elements: readonly string[],
  expected: { control: string; segments: number },
): void {
  const set = toShownNumber(expected.control);
  checkCount(envelope, `SE01 of set ${set}`, { written: at(elements, 1), actual: expected.segments });
  checkNumber(envelope, `SE02 of set ${set}`, { written: at(elements, 2), expected: expected.control });
}

/** Names what was left open: at a new ISA and at the end of the stream. */
export function closeEnvelope(envelope: Envelope): void {
  closeGroup(envelope);
  if (envelope.isa !== undefined) envelope.findings.add("missing_trailer", nameInterchange(envelope), "has no IEA");
  envelope.isa = undefined;
}

/** Anything but production is a test, or training. */
export function isTestEnvelope(envelope: Envelope): boolean {
  return at(envelope.isa, 15) !== "P";
}

/** What is open, by name, for the control part of a document. */
export function toControl({ isa, gs }: Envelope) {
  return {
    sender: at(isa, 6),
    receiver: at(isa, 8),
    date: at(isa, 9),
    time: at(isa, 10),
    interchange: at(isa, 13),
    function: at(gs, 1),
    groupSender: at(gs, 2),
    groupReceiver: at(gs, 3),
    groupDate: at(gs, 4),
    groupTime: at(gs, 5),
    group: at(gs, 6),
    version: at(gs, 8),
  };
}

/** A control number, where it is one: what else stands in its place may be anything. */
export function toShownNumber(text: string): string {
  return /^[A-Z0-9]{1,14}$/i.test(text) ? text : "?";
}

function at(elements: readonly string[] | undefined, index: number): string {
  return (elements?.[index] ?? "").trim();
}

function nameInterchange({ isa }: Envelope): string {
  return `interchange ${toShownNumber(at(isa, 13))}`;
}

function nameGroup(envelope: Envelope): string {
  return `group ${toShownNumber(at(envelope.gs, 6))} of ${nameInterchange(envelope)}`;
}

function checkNumber({ findings }: Envelope, place: string, number: { written: string; expected: string }): void {
  if (number.written !== number.expected)
    findings.add("control_mismatch", place, "differs from the number of its header");
}

function checkCount({ findings }: Envelope, place: string, count: { written: string; actual: number }): void {
  if (count.written === "" || Number(count.written) !== count.actual)
    findings.add("count_mismatch", place, `does not say ${count.actual}, which is what was counted`);
}

function openInterchange(envelope: Envelope, elements: readonly string[]): void {
  closeEnvelope(envelope);
  const { findings, tracker } = envelope;
  envelope.isa = elements;
  envelope.groups = 0;
  envelope.groupNumbers = new Set();
  const partners = [5, 6, 7, 8].map((index) => at(elements, index)).join("/");
  const verdict = tracker.check(partners, at(elements, 13));
  const place = nameInterchange(envelope);
  if (verdict.kind === "duplicate") findings.add("duplicate_control", place, "was seen from this sender before");
  if (verdict.kind === "gap") findings.add("control_gap", place, `comes after a gap of ${verdict.missing} numbers`);
}

function openGroup(envelope: Envelope, elements: readonly string[]): void {
  closeGroup(envelope);
  const { findings, groupNumbers, isa } = envelope;
  const number = at(elements, 6);
  if (isa === undefined) findings.add("junk", `group ${toShownNumber(number)}`, "stands outside of an interchange");
  envelope.gs = elements;
  envelope.groups++;
  envelope.sets = 0;
  envelope.setNumbers = new Set();
  if (groupNumbers.has(number))
    findings.add("duplicate_control", nameGroup(envelope), "has the number of an earlier group of the interchange");
  groupNumbers.add(number);
}

function closeGroup(envelope: Envelope): void {
  if (envelope.gs !== undefined) envelope.findings.add("missing_trailer", nameGroup(envelope), "has no GE");
  envelope.gs = undefined;
}

function endGroup(envelope: Envelope, elements: readonly string[]): void {
  if (envelope.gs === undefined) {
    envelope.findings.add("junk", "GE", "ends no group");
    return;
  }
  const place = nameGroup(envelope);
  checkCount(envelope, `GE01 of ${place}`, { written: at(elements, 1), actual: envelope.sets });
  checkNumber(envelope, `GE02 of ${place}`, { written: at(elements, 2), expected: at(envelope.gs, 6) });
  envelope.gs = undefined;
}

function endInterchange(envelope: Envelope, elements: readonly string[]): void {
  closeGroup(envelope);
  if (envelope.isa === undefined) {
    envelope.findings.add("junk", "IEA", "ends no interchange");
    return;
  }
  const place = nameInterchange(envelope);
  checkCount(envelope, `IEA01 of ${place}`, { written: at(elements, 1), actual: envelope.groups });
  checkNumber(envelope, `IEA02 of ${place}`, { written: at(elements, 2), expected: at(envelope.isa, 13) });
  envelope.isa = undefined;
}

const TAKES = new Map([
  ["ISA", openInterchange],
  ["GS", openGroup],
  ["GE", endGroup],
  ["IEA", endInterchange],
]);
