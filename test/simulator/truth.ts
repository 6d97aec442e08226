import { objectRef } from "@throughline/schemas/event";
import { VERDICTS } from "@throughline/schemas/leg";
import { z } from "zod";

const FAULT_KINDS = [
  "lost",
  "late",
  "doubled",
  "out-of-order",
  "wrong-unit",
  "price-change",
  "over-quantity",
  "double-entry",
  "outage",
  "version-drift",
  "malformed",
  "corrupted",
  "missing-receipt",
  "wrong-item",
  "wrong-vendor",
  "collector-dead",
  "stuck-queue",
  "clock-drift",
  "expired-certificate",
  "job-not-run",
  "closed-early",
  "theft",
] as const;

/** A fault that was put into the trade, and what a tower should say of it. */
export const truthRow = z.strictObject({
  id: z.string(),
  kind: z.enum(FAULT_KINDS),
  /** When it began. */
  onset: z.iso.datetime(),
  /** When it was over; null when it never is. */
  end: z.iso.datetime().nullable(),
  objects: z.array(objectRef.pick({ type: true, id: true })),
  /** The events that it touched, by identity. */
  events: z.array(z.strictObject({ source: z.string(), id: z.string() })),
  expected: z.strictObject({
    finding: z.string(),
    flow: z.string().optional(),
    leg: z.string().optional(),
    verdict: z.enum(VERDICTS).optional(),
    /** Of what is refused: how the quarantine names it. */
    code: z.string().optional(),
  }),
});

export type TruthRow = z.infer<typeof truthRow>;

/** How often each kind of fault strikes: a share of the steps that it can strike; outages by days between two. */
export interface FaultRates {
  lost: number;
  late: number;
  doubled: number;
  outOfOrder: number;
  wrongUnit: number;
  priceChange: number;
  /** Of invoice lines: more is billed than was shipped. */
  overQuantity: number;
  /** Of invoices: entered once more, under another number, and taken back some days later. */
  doubleEntry: number;
  /** Of receipts: the ERP never hears of it. */
  missingReceipt: number;
  /** Of order lines: ordered under a number that the supplier does not know. */
  wrongItem: number;
  /** Of requisitions: ordered from a supplier that does not deliver the item. */
  wrongVendor: number;
  /** Of what suppliers say: damaged on its way, so that nobody can read it. */
  corrupted: number;
  /** Of the order lines that a supplier does not have in stock, how many come late; 0 where it always has all. */
  shortage: number;
  /** Mean days between two outages of one system; infinity for none. */
  outageDays: number;
  /** Mean days between two releases of a supplier that name a version nobody agreed to; infinity for none. */
  driftDays: number;
  /** Mean days between two events in a form that the gateway refuses; infinity for none. */
  malformedDays: number;
  /** 1 when one supplier renews its certificate late, else 0. */
  lateRenewals: number;
}

/** A usual week: a few steps in a hundred go wrong. */
export const USUAL_FAULTS: FaultRates = {
  lost: 0.005,
  late: 0.019,
  doubled: 0.003,
  outOfOrder: 0.004,
  wrongUnit: 0.004,
  priceChange: 0.014,
  overQuantity: 0.006,
  doubleEntry: 0.008,
  missingReceipt: 0,
  wrongItem: 0,
  wrongVendor: 0,
  corrupted: 0,
  shortage: 1,
  outageDays: 22,
  driftDays: 12,
  malformedDays: 0.8,
  lateRenewals: 1,
};

export const NO_FAULTS: FaultRates = {
  lost: 0,
  late: 0,
  doubled: 0,
  outOfOrder: 0,
  wrongUnit: 0,
  priceChange: 0,
  overQuantity: 0,
  doubleEntry: 0,
  missingReceipt: 0,
  wrongItem: 0,
  wrongVendor: 0,
  corrupted: 0,
  shortage: 0,
  outageDays: Infinity,
  driftDays: Infinity,
  malformedDays: Infinity,
  lateRenewals: 0,
};
