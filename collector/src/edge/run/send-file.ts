import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { digestFile } from "../files/digest-file.ts";
import { type SendOptions, type SentUnits, sendUnits } from "./send-units.ts";

/** Takes one file to the gateway at once, as its interface would; see `sendUnits`. */
export async function sendFile(path: string, options: SendOptions): Promise<SentUnits> {
  const identity = await digestFile(path);
  const { size } = await stat(path);
  return sendUnits([{ identity, stream: createReadStream(path), sizeBytes: size, isPatient: false }], options);
}
