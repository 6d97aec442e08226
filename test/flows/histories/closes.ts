import { createTeller } from "../history.ts";

const erp = createTeller("/erp/group");

const march = { period: "1000/2026-03" };
const week = { period: "1000/2026-W10" };
const step = (local: string, verb: string, period: typeof march) =>
  erp(local, `erp.period.${verb}`, period, { attributes: { kind: period === week ? "week" : "month" } });

const reopened = [
  step("2026-04-01 00:00", "cut_off", march),
  step("2026-04-01 20:00", "feeds_completed", march),
  step("2026-04-03 16:00", "reconciled", march),
  step("2026-04-06 11:00", "accrued", march),
  step("2026-04-07 10:00", "approved", march),
  step("2026-04-07 12:00", "locked", march),
  erp("2026-04-08 10:00", "erp.period.reopened", march, {
    reverses: { object: { type: "period", id: "1000/2026-03" }, milestone: "locked" },
  }),
  step("2026-04-08 15:00", "locked", march),
];

/** Receipts came late, and the week was locked without anybody's approval. */
const unapproved = [
  step("2026-03-09 00:00", "cut_off", week),
  step("2026-03-09 13:00", "feeds_completed", week),
  step("2026-03-10 10:00", "reconciled", week),
  step("2026-03-11 10:00", "accrued", week),
  step("2026-03-11 15:00", "locked", week),
];

export const closes = [...reopened, ...unapproved];
