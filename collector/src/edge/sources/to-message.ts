import { createHash } from "node:crypto";
import type { Unit } from "../run/unit.ts";

/** A message as a unit. What tells it apart is hashed, so that it may be long, and may lead to a patient. */
export function toMessage(raw: Buffer, identity: readonly (string | number)[]): Unit {
  return { identity: digest(JSON.stringify(identity)), stream: [raw], raw, isPatient: true };
}

export function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
