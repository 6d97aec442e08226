import { once } from "node:events";
import { connect } from "node:net";
import type { Item } from "../catalogue.ts";
import { LOCATIONS } from "../names.ts";
import type { Random } from "../random.ts";

const FAMILIES = ["DOE", "ROE", "POE", "SHAW", "MARLOW", "FINCH"];
const START = 0x0b;
const END = Buffer.from([0x1c, 0x0d]);
const ANSWER_MS = 10_000;

/** An order as the pharmacy system encodes it, with the patient whom it is for. */
export function toPharmacyOrder({
  items,
  random,
  now,
}: {
  items: readonly Item[];
  random: Random;
  now: number;
}): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "");
  const item = random.pick(items);
  const number = `${Math.floor(now / 1000)}${random.whole(100, 999)}`;
  const ndc = `${item.id.slice(0, 5)}-${item.id.slice(5, 9)}-${item.id.slice(9)}`;
  const patient = `${random.pick(FAMILIES)}^${random.pick(["JANE", "JOHN", "ALEX"])}`;
  return [
    String.raw`MSH|^~\&|BAYRX|bayview|TOWER|hq|` + `${time}+0000||RDE^O11^RDE_O11|M${number}|P|2.5.1`,
    `PID|1||MRN${random.whole(100_000, 999_999)}^^^BAYVIEW^MR||${patient}||19${random.whole(30, 99)}0${random.whole(1, 9)}15|F`,
    `PV1|1|I|${random.pick(LOCATIONS)}^R${random.whole(1, 40)}^B1^BAYVIEW`,
    `ORC|NW|O${number}|F${number}||IP||||${time}+0000`,
    `RXE|^^^${time.slice(0, 8)}|${ndc}^${item.name.toUpperCase()}^NDC|1||EA|||||${random.whole(1, 6)}|EA|||RX${number}`,
    "RXR|IV",
    "",
  ].join("\r");
}

/** Sends one message over MLLP and waits for its acknowledgement. Fails when there is none, or another than AA. */
export async function sendMessage(port: number, message: string): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error("There was no acknowledgement in time.")));
  try {
    await once(socket, "connect");
    socket.write(Buffer.concat([Buffer.from([START]), Buffer.from(message), END]));
    const ended = once(socket, "close").then(() =>
      Promise.reject(new Error("The connection ended before the answer.")),
    );
    const [answer] = await Promise.race([once(socket, "data"), ended]);
    // It ends below in any case; nobody waits for that.
    ended.catch(() => undefined);
    if (!String(answer).includes("MSA|AA")) throw new Error("The message was not taken.");
  } finally {
    socket.destroy();
  }
}
