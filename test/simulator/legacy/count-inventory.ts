import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Item } from "../catalogue.ts";
import { LOCATIONS } from "../names.ts";
import type { Random } from "../random.ts";

const COUNTED_AT = "T02:00:00Z";
const ROWS = 120;

/** The count of each night, written once into the folder; the first time, that of last night. Its rows, or 0 when there is nothing new. */
export function writeInventory(
  { folder, noteFile }: { folder: string; noteFile: string },
  { items, random, now }: { items: readonly Item[]; random: Random; now: number },
): number {
  const counted = new Date(now - 2 * 3_600_000).toISOString().slice(0, 10);
  if (existsSync(noteFile) && readFileSync(noteFile, "utf8") === counted) return 0;
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const item = items[index % items.length];
    const onHand = random.whole(0, 60);
    const location = LOCATIONS[index % LOCATIONS.length] ?? "PHARM";
    return `bayview,${location},${item?.id ?? ""},B${random.whole(1000, 9999)},${onHand},EA,20,${counted}${COUNTED_AT}`;
  });
  const text = ["site,location,item,lot,on_hand,unit,par,counted_at", ...rows, ""].join("\n");
  writeFileSync(join(folder, `.inventory-${counted}.csv`), text);
  renameSync(join(folder, `.inventory-${counted}.csv`), join(folder, `inventory-${counted}.csv`));
  writeFileSync(noteFile, counted);
  return ROWS;
}
