import { openAccountsPayable } from "./agents/accounts-payable.ts";
import { type Agent, type Behaviour, type CallSystem, type Desk, createAgent } from "./agents/agent.ts";
import { openCabinets } from "./agents/cabinets.ts";
import { openDock } from "./agents/dock.ts";
import { openErp } from "./agents/erp.ts";
import { openGeneralLedger } from "./agents/general-ledger.ts";
import { openLedgerRun } from "./agents/ledger-run.ts";
import { openPharmacy } from "./agents/pharmacy.ts";
import { openProcurementService } from "./agents/procurement-saas.ts";
import { openPurchasing } from "./agents/purchasing.ts";
import { openSuppliers } from "./agents/supplier-network.ts";
import type { World } from "./agents/world.ts";
import { withWay } from "./way.ts";

/** One of the systems of the network: a process of its own, with a protocol of its own. */
export interface System {
  id: string;
  /** How its words reach an edge or the gateway; an outbox beside folders takes its rows. */
  protocol: "mllp" | "directory" | "webhook" | "sdk" | "wrap" | "outbox";
  open(desk: Desk, world: World): Behaviour;
}

/** The systems of a network of hospitals, in the order of the way of an order; of two that are due at once the first acts first. */
export const SYSTEMS: readonly System[] = [
  { id: "cabinets", protocol: "mllp", open: openCabinets },
  { id: "pharmacy", protocol: "sdk", open: openPharmacy },
  { id: "procurement-saas", protocol: "webhook", open: openProcurementService },
  { id: "procurement", protocol: "directory", open: openPurchasing },
  { id: "suppliers", protocol: "directory", open: openSuppliers },
  { id: "dock", protocol: "directory", open: openDock },
  { id: "erp", protocol: "outbox", open: openErp },
  { id: "accounts-payable", protocol: "outbox", open: openAccountsPayable },
  { id: "general-ledger", protocol: "directory", open: openGeneralLedger },
  { id: "ledger-run", protocol: "wrap", open: openLedgerRun },
];

/** A system in a world, with the way that its words take. */
export function openSystem(system: System, world: World, call: CallSystem): Agent {
  return withWay(
    createAgent(system.id, { from: world.from, call }, (desk) => system.open(desk, world)),
    world,
    system.id,
  );
}
