import type { TruthRow } from "../truth.ts";
import type { Finding } from "./finding.ts";

export type FaultKind = TruthRow["kind"];

/** What a reader concludes from findings. Several kinds of faults may look alike from outside. */
export type Diagnosis =
  | "late"
  | "missing"
  | "doubled"
  | "behind"
  | "silent"
  | "refused"
  | "clock"
  | "drift"
  | "certificate"
  | "batch"
  | "wrong unit"
  | "wrong price"
  | "too much"
  | "billed twice"
  | "refused item"
  | "wrong vendor"
  | "not posted"
  | "sequence"
  | "theft";

/** What each kind of fault has to be concluded to be. */
export const EXPECTED: Readonly<Record<FaultKind, Diagnosis>> = {
  lost: "missing",
  late: "late",
  doubled: "doubled",
  "out-of-order": "behind",
  "wrong-unit": "wrong unit",
  "price-change": "wrong price",
  "over-quantity": "too much",
  "double-entry": "billed twice",
  outage: "silent",
  "version-drift": "drift",
  malformed: "refused",
  corrupted: "refused",
  "missing-receipt": "not posted",
  "wrong-item": "refused item",
  "wrong-vendor": "wrong vendor",
  "collector-dead": "silent",
  "stuck-queue": "behind",
  "clock-drift": "clock",
  "expired-certificate": "certificate",
  "job-not-run": "batch",
  "closed-early": "sequence",
  theft: "theft",
};

const BY_CODE: Readonly<Record<string, Diagnosis>> = {
  UOM_SUSPECT: "wrong unit",
  PRICE: "wrong price",
  QTY_OVER_RECEIVED: "too much",
  QTY_OVER_ORDERED: "too much",
  DUP_EXACT: "billed twice",
  DUP_PROBABLE: "billed twice",
};

const BY_FEED: Readonly<Record<string, Diagnosis>> = {
  silent: "silent",
  "missing-numbers": "missing",
  "behind-watermark": "behind",
  "clock-ahead": "clock",
  batch: "batch",
  duplicates: "doubled",
};

const BY_INTERFACE: Readonly<Record<string, Diagnosis>> = {
  "version-drift": "drift",
  certificate: "certificate",
  cadence: "silent",
  unseen: "silent",
};

/** By the code of the supplier's answer: R1, not one that it delivers; R2, no item that it knows. */
const BY_REFUSAL: Readonly<Record<string, Diagnosis>> = { R1: "wrong vendor", R2: "refused item" };

const BY_RECONCILIATION: Readonly<Record<string, Diagnosis>> = {
  "controlled-substances": "theft",
  "receipts-to-erp": "not posted",
};

/** What a finding points to by itself; undefined where it points to nothing that is known. */
export function diagnose(finding: Finding): Diagnosis | undefined {
  const { channel, name, verdict } = finding;
  if (channel === "match") return BY_CODE[name];
  if (channel === "feed") return BY_FEED[name];
  if (channel === "interface") return BY_INTERFACE[name];
  if (channel === "quarantine") return name === "clock_ahead" ? "clock" : "refused";
  if (channel === "item") return BY_RECONCILIATION[name] ?? "missing";
  if (finding.refusal !== undefined) return BY_REFUSAL[finding.refusal] ?? "missing";
  if (verdict === "SEQUENCE") return "sequence";
  // An end without its start: the word of the start is lost.
  return verdict === "BREACHED" && finding.hasEnded === true ? "late" : "missing";
}
