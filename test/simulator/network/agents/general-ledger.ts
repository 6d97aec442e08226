import { MINUTE } from "../../demand.ts";
import { readPosting } from "../native/read-documents.ts";
import { writePosting } from "../native/write-documents.ts";
import { ERP } from "../../sources.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { startCloses } from "./closes.ts";
import { type World, toIso } from "./world.ts";

interface Valued {
  site: string;
  movement: string;
}

/** The general ledger: when the run of the night comes, it puts what was valued into a batch of each hospital, and posts the batch; it closes the books of each week. */
export function openGeneralLedger(desk: Desk, world: World): Behaviour {
  startCloses(desk, world);
  const outages = world.incident("outage", ERP);
  let waiting: Valued[] = [];
  let batches = 0;
  const say = (posting: {
    event: string;
    id: string;
    site: string;
    batch: string;
    movement?: string;
    entry?: string;
  }) => {
    const text = writePosting({ ...posting, at: toIso(desk.now()) });
    desk.say({ format: "json", text, source: ERP, objects: [["posting_batch", posting.batch]] });
  };
  const close = (site: string, movements: readonly Valued[]) => {
    batches += 1;
    const index = world.catalogue.sites.findIndex(({ id }) => id === site);
    const company = `${index + 1}000`;
    const number = `D-${String(batches).padStart(4, "0")}`;
    const batch = `${company}/${number}`;
    for (const { movement } of movements)
      say({ event: "posting_batch.closed", id: `B-${batch}-${movement}`, site, batch, movement });
    const entry = `${company}/${new Date(desk.now()).getUTCFullYear()}/${number}`;
    const postedAt = outages.postpone(desk.now() + world.random(`entry/${batch}`).around(8, 25, 90) * MINUTE);
    desk.at(postedAt, () => say({ event: "journal_entry.posted", id: `J-${batch}`, site, batch, entry }));
  };
  return {
    hear: ({ format, text }) => {
      if (format === "row") waiting.push(readPosting(text));
      else {
        for (const [site, movements] of Map.groupBy(waiting, (valued) => valued.site)) close(site, movements);
        waiting = [];
      }
    },
  };
}
