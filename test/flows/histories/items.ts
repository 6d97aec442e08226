import { createTeller } from "../history.ts";

const desk = createTeller("/item-desk");
const erp = createTeller("/erp/group");
const contracts = createTeller("/contracts");

const urgent = { attributes: { urgency: "urgent" } };
const routine = { attributes: { urgency: "routine" } };
const v12 = { item_version: "00093415573/v12", item: "00093415573" };
const v13 = { item_version: "00093415573/v13", item: "00093415573" };

const confirm = (local: string, version: typeof v12, subscriber: string) =>
  desk(local, "pharmacy.formulary.confirmed", version, { attributes: { subscriber } });

const versions = [
  desk("2026-03-02 09:00", "pharmacy.formulary.decided", v12, urgent),
  erp("2026-03-02 09:30", "erp.item.changed", v12, urgent),
  desk("2026-03-02 10:00", "pharmacy.crosswalk.published", v12, urgent),
  confirm("2026-03-02 10:30", v12, "ehr"),
  confirm("2026-03-02 11:00", v12, "cabinets"),
  confirm("2026-03-02 12:59", v12, "eprocurement"),
  confirm("2026-03-02 13:00", v12, "billing"),
  // The wholesaler read the NDC without its leading zeros and knows no such item.
  desk("2026-03-02 11:00", "pharmacy.formulary.confirmed", v12, {
    attributes: { subscriber: "wholesaler" },
    outcome: "rejected",
  }),
  desk("2026-03-02 09:00", "pharmacy.formulary.decided", v13, routine),
  confirm("2026-03-03 09:00", v13, "wholesaler"),
  confirm("2026-03-03 09:00:01", v13, "ehr"),
];

const toPrice = (tier: string, from: string) => ({ contract_price: `CARDINAL/C-1/${tier}/00093415573/CS/${from}` });

function sign(tier: string, from: string) {
  return contracts("2026-03-02 09:00", "procurement.contract_price.signed", toPrice(tier, from), {
    attributes: { effective_from: from },
  });
}

function load(local: string, price: ReturnType<typeof toPrice>, system: string) {
  return contracts(local, "procurement.contract_price.loaded", price, { attributes: { system } });
}

const ahead = toPrice("T2", "2026-03-09");
const retroactive = toPrice("T1", "2026-02-01");

const prices = [
  sign("T2", "2026-03-09"),
  load("2026-03-05 10:00", ahead, "erp"),
  load("2026-03-07 22:59", ahead, "eprocurement"),
  load("2026-03-08 10:00", ahead, "wholesaler"),
  contracts("2026-03-09 08:00", "procurement.contract_price.effective", ahead),
  sign("T1", "2026-02-01"),
  load("2026-03-02 10:00", retroactive, "erp"),
  contracts("2026-03-02 10:00", "procurement.contract_price.loaded", retroactive, {
    attributes: { system: "eprocurement" },
    outcome: "rejected",
  }),
  contracts("2026-03-10 08:00", "procurement.contract_price.effective", retroactive),
];

export const items = [...versions, ...prices];
