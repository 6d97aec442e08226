import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../repository/root.ts";

const SECRET_MODE = 0o600;

/** The folders of the legacy systems below one of the demo's. */
export function makeLegacyFolders(folder: string) {
  const folders = {
    root: folder,
    inventory: join(folder, "inventory"),
    sent: join(folder, "edi/sent"),
    received: join(folder, "edi/received"),
    pack: join(folder, "pack"),
  };
  for (const each of Object.values(folders)) mkdirSync(each, { recursive: true });
  for (const name of ["documents", "crosswalks"])
    cpSync(join(ROOT, "config", name), join(folders.pack, name), { recursive: true });
  cpSync(join(import.meta.dirname, "outbox-mapping.yaml"), join(folders.pack, "documents/legacy-outbox.yaml"));
  return folders;
}

export type LegacyFolders = ReturnType<typeof makeLegacyFolders>;

/** Writes what an edge is configured with, and the keys that it lacks; the path of its `edge.yaml`. */
export function writeEdge(
  { root, pack }: LegacyFolders,
  edge: { name: string; gatewayUrl: string; key: string; port: number; interfaces: readonly string[] },
): string {
  const folder = join(root, edge.name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "gateway.key"), edge.key, { mode: SECRET_MODE });
  for (const name of ["spool.key", "tokens.key"])
    if (!existsSync(join(folder, name)))
      writeFileSync(join(folder, name), randomBytes(32).toString("hex"), { mode: SECRET_MODE });
  const file = join(folder, "edge.yaml");
  writeFileSync(
    file,
    `gateway: { url: "${edge.gatewayUrl}", keyFile: gateway.key }
pack: ${JSON.stringify(pack)}
spool: { directory: spool, keyFile: spool.key, maxBytes: 100000000 }
redaction: { keyFile: tokens.key, version: k1 }
listen: { port: ${edge.port} }
interfaces:
${edge.interfaces.map((each) => `  - ${each}`).join("\n")}
`,
  );
  return file;
}

/** Systems of the pharmacy: a count each night, and messages over MLLP. */
export function toPharmacyInterfaces({ inventory }: LegacyFolders, mllpPort: number): string[] {
  return [
    `{ id: nightly-inventory, format: csv, mappings: [csv-inventory], source: /legacy/inventory, raw: { policy: keep, maxAge: PT720H }, heartbeatEvery: PT30S, from: { kind: directory, path: ${JSON.stringify(inventory)}, pattern: "*.csv", every: PT2S, stableFor: PT2S, archive: ${JSON.stringify(join(inventory, "../inventory-read"))} } }`,
    `{ id: pharmacy, format: hl7v2, source: /legacy/pharmacy, heartbeatEvery: PT30S, from: { kind: mllp, port: ${mllpPort} } }`,
  ];
}

/** Systems of purchasing: the folders of an EDI mailbox, and what the ERP leaves in its outbox. */
export function toPurchasingInterfaces({ sent, received }: LegacyFolders, outbox: string): string[] {
  const toMailbox = (id: string, source: string, path: string) =>
    `{ id: ${id}, format: x12, source: ${source}, site: bayview, heartbeatEvery: PT30S, from: { kind: directory, path: ${JSON.stringify(path)}, pattern: "*.edi", every: PT1S, stableFor: PT1S, archive: ${JSON.stringify(`${path}-read`)} } }`;
  return [
    toMailbox("orders-sent", "/legacy/orders", sent),
    toMailbox("supplier-mailbox", "/edi/OAKRIDGE", received),
    `{ id: erp-outbox, format: json, mappings: [legacy-outbox], site: bayview, heartbeatEvery: PT30S, from: ${outbox} }`,
  ];
}
