import { MINUTE } from "../../demand.ts";
import type { Receipt } from "../native/notes.ts";
import { type ShipNoticeRead, readShipNotice } from "../native/read-documents.ts";
import { writeArrival } from "../native/write-documents.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { type World, tellTime } from "./world.ts";

/** The warehouse: it awaits what ship notices say, tells of each arrival, counts, and hands what it counted to the ERP. */
export function openDock(desk: Desk, world: World): Behaviour {
  let receipts = 0;
  const arrive = (notice: ShipNoticeRead) => {
    const { shipment, site, order, parcels } = notice;
    const source = `/receiving/${site}`;
    const objects = [["shipment", shipment] as const];
    desk.say({
      format: "epcis",
      text: writeArrival({ shipment, site, at: tellTime(world, source, desk.now()) }),
      source,
      objects,
    });
    const random = world.random(`count/${shipment}`);
    desk.at(desk.now() + random.around(20, 45, 120) * MINUTE, () => {
      for (const { line, item, lot, packs, unit } of parcels) {
        receipts += 1;
        const year = new Date(desk.now()).getUTCFullYear();
        const id = `${site}/50${String(receipts).padStart(6, "0")}/${year}/1`;
        const counted: Receipt = { id, site, orderLine: `${order}/${line}`, item, lot, packs, unit };
        desk.send("erp", "receipt", JSON.stringify(counted));
      }
    });
  };
  return {
    hear: ({ text }) => {
      const notice = readShipNotice(text);
      desk.at(notice.expectedAt, () => arrive(notice));
    },
  };
}
