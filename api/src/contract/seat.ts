import { matchOutcome } from "@throughline/schemas/match";
import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import { MATCH_DOMAINS } from "@throughline/schemas/clickhouse/scope";
import { decimal, instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { compliance, figure, rangeQuery, timeRange } from "./figure.ts";
import { legCounts } from "./flow.ts";
import { amount } from "./match-work.ts";
import { projectionLag } from "./overview.ts";
import { leg } from "./leg.ts";
import { listOf, page, pageQuery } from "./page.ts";
import { freshness } from "./source.ts";

const site = listOf(text(128));

const shared = {
  readAt: instant,
  feeds: freshness.meta({
    description: "The feeds that the figures are made of: what is silent may be missing in them.",
  }),
  because: z.string().nullable().meta({ description: "Why there are no figures; null where there are." }),
};

const quantity = z.object({ value: decimal, unit: z.string() });

const money = z.object({ currency: z.string(), value: decimal, lines: figure }).meta({
  id: "SeatMoney",
  description: "An amount with the order lines that it is made of. Each currency by itself.",
});

const work = { results: figure, stakes: z.array(amount).meta({ description: "By currency; an invoice counts once." }) };

export const financeSeatQuery = z.strictObject({ site, company: listOf(text(512)) });

export const financeSeat = z
  .object({
    ...shared,
    reconciler: projectionLag.nullable().meta({ description: "How far matches are evaluated; null where none are." }),
    figures: z
      .object({
        commitments: z.array(money).meta({ description: "Ordered and still to come, at the order's price." }),
        overdue: z.array(money).meta({ description: "Those of them that should have come by now." }),
        owed: z.array(money).meta({ description: "Received and not invoiced: a liability." }),
        unreceived: z.array(money).meta({ description: "Invoiced and not received." }),
        unknown: figure.meta({ description: "Order lines without a known unit, price or currency: in no amount." }),
        blocked: z
          .array(z.object({ outcome: matchOutcome, ...work }))
          .meta({ description: "What keeps invoices from being paid and is not accepted, the gravest first." }),
        owners: z.array(
          z.object({
            owner: z
              .object({ id: z.string(), title: z.string(), seat: z.enum(MATCH_DOMAINS) })
              .nullable()
              .meta({ description: "Null: configuration routes it to nobody." }),
            ...work,
          }),
        ),
      })
      .nullable(),
  })
  .meta({ id: "FinanceSeat", description: "What is bound, owed and blocked now, and whose it is to settle." });

const stage = z
  .object({ counts: legCounts, compliance })
  .meta({ description: "Legs of the supplier that are dated in the range, by verdict." });

const execution = {
  confirmed: stage.nullable(),
  shipped: stage.nullable(),
  received: stage.nullable(),
  overdue: figure.meta({ description: "Order lines of which something should have come by now." }),
  short: figure.meta({ description: "Order lines that were delivered to the end with less than was ordered." }),
  commitments: z.array(money),
  billed: figure.meta({ description: "Invoice lines that were entered in the range." }),
  overpriced: figure.meta({ description: "Those of them with the code PRICE." }),
  orders: figure.meta({ description: "Order lines of the range that were matched." }),
  offContract: figure.meta({ description: "Those of them with the code CONTRACT_PRICE." }),
};

export const procurementSeatQuery = z.strictObject({ ...rangeQuery, site });

export const STAGES = ["confirmed", "shipped", "received"] as const;

export const procurementSeat = z
  .object({
    ...shared,
    range: timeRange.meta({ description: "Whole days (UTC); 28 days unless asked for." }),
    stages: z.array(
      z.object({ stage: z.enum(STAGES), flow: z.string(), leg: z.string(), title: z.string(), isKept: z.boolean() }),
    ),
    all: z.object(execution).nullable().meta({ description: "Of all suppliers, those that are not named included." }),
    suppliers: z
      .array(z.object({ supplier: z.string(), ...execution }))
      .meta({ description: "The most late ones first." }),
  })
  .meta({ id: "ProcurementSeat", description: "How suppliers deliver what was ordered." });

const standing = {
  waiting: figure.meta({ description: "Below par, in time so far." }),
  atRisk: figure,
  overdue: figure.meta({ description: "Past the deadline, as far as is known." }),
  late: figure.meta({ description: "Past the deadline for certain, and still not available." }),
  unknown: figure.meta({ description: "The feed that would say that it is available is silent." }),
};

export const pharmacySeatQuery = z.strictObject({ site });

export const pharmacySeat = z
  .object({
    ...shared,
    flow: z.string(),
    leg: z.string(),
    standing: z.object({ ...standing, critical: z.object(standing) }).nullable(),
  })
  .meta({ id: "PharmacySeat", description: "What is below par now and not available again." });

export const SHORTAGE_STATES = ["waiting", "at_risk", "overdue", "late", "unknown"] as const;

export const shortagesQuery = z.strictObject({
  state: listOf(z.enum(SHORTAGE_STATES)).meta({ description: "All of them unless given." }),
  site,
  criticality: listOf(z.enum(CRITICALITIES)),
  q: text(200, 1).optional().meta({ description: "Text that the id of the shortage contains, in any case." }),
  ...pageQuery,
});

const shortageOrder = z.object({
  line: z.string(),
  supplier: z.string(),
  quantity: quantity.nullable(),
  orderedAt: instant.nullable(),
  scheduledOn: z.string().nullable().meta({ description: "As the order wants it." }),
  promisedOn: z.string().nullable().meta({ description: "As the supplier's last answer says." }),
  lineStatus: z.string().nullable().meta({ description: "The last answer (X12 ACK01)." }),
  shipment: z.string().nullable().meta({ description: "The last ship notice." }),
  shipsOn: z.string().nullable().meta({ description: "When it is expected, as the ship notice says." }),
  receivedAt: instant.nullable(),
  href: z.string(),
});

export const EXPECTATIONS = ["receipt", "ship_notice", "acknowledgement", "order"] as const;

export const shortage = z
  .object({
    id: z.string(),
    item: z.string().nullable(),
    location: z.string().nullable(),
    onHand: quantity.nullable(),
    par: quantity.nullable(),
    leg,
    orders: z
      .array(shortageOrder)
      .meta({ description: "Order lines for it that the reader may see, the latest first." }),
    isOrdered: z.boolean().nullable().meta({ description: "Null where the reader does not see orders." }),
    expected: z
      .object({ on: z.string(), basis: z.enum(EXPECTATIONS), isOver: z.boolean() })
      .nullable()
      .meta({
        description:
          "The day on which it is to come, by the surest statement there is: posted as received, ship notice, acknowledgement, order. Null: nobody has said.",
      }),
  })
  .meta({
    id: "Shortage",
    description: "An item below par at a location, what is on the way, and the leg's forecast.",
  });

export const shortagePage = page(shortage, "Shortages.").meta({ id: "ShortagePage" });

export type PharmacySeat = z.infer<typeof pharmacySeat>;
export type PharmacySeatQuery = z.infer<typeof pharmacySeatQuery>;
export type Shortage = z.infer<typeof shortage>;
export type ShortagePage = z.infer<typeof shortagePage>;
export type ShortagesQuery = z.infer<typeof shortagesQuery>;
export type ShortageState = (typeof SHORTAGE_STATES)[number];
export type FinanceSeat = z.infer<typeof financeSeat>;
export type FinanceSeatQuery = z.infer<typeof financeSeatQuery>;
export type ProcurementSeat = z.infer<typeof procurementSeat>;
export type ProcurementSeatQuery = z.infer<typeof procurementSeatQuery>;
export type SeatStage = (typeof STAGES)[number];
