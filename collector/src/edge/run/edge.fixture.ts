import { readdirSync, readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { type DocumentPack, parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";

const ROOT = join(import.meta.dirname, "../../../..");
export const SHIPPED = join(ROOT, "config");
export const GOLDEN = join(import.meta.dirname, "../golden");

export function loadShippedPack(): DocumentPack {
  const folder = join(SHIPPED, "documents");
  const names = readdirSync(folder).map((name) => join(folder, name));
  const result = parseDocumentPack(names.map((path) => ({ path, text: readFileSync(path, "utf8") })));
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.pack;
}

/** A folder with keys and a drop, and the text of a configuration over it. */
export function writeEdgeFiles(folder: string, gateway: string) {
  writeFileSync(join(folder, "gateway.key"), "ingest\n", { mode: 0o600 });
  writeFileSync(join(folder, "spool.key"), `${"a1".repeat(32)}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "tokens.key"), `${"b2".repeat(32)}\n`, { mode: 0o600 });
  mkdirSync(join(folder, "drop"), { recursive: true });
  const text = (interfaces: readonly string[], port: number) => `gateway: { url: "${gateway}", keyFile: gateway.key }
pack: ${SHIPPED}
spool: { directory: spool, keyFile: spool.key, maxBytes: 10000000 }
redaction: { keyFile: tokens.key, version: k1 }
listen: { port: ${port} }
interfaces:
${interfaces.map((each) => `  - ${each}`).join("\n")}
`;
  return text;
}

export const INVENTORY =
  "{ id: inventory, format: csv, mappings: [csv-inventory], source: /files/north, heartbeatEvery: PT1S, from: { kind: directory, path: drop, pattern: '*.csv', every: PT0.05S, stableFor: PT0.1S, archive: done } }";

/** Sends one MLLP frame and gives the answer's text. */
export async function sendMllp(port: number, message: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`\u000b${message}\u001c\r`, "latin1");
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}
