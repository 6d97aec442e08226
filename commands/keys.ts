import { userInfo } from "node:os";
import { accessKey, type AccessKey, newAccessKey, type NewAccessKey, ROLES } from "@throughline/schemas/access";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { createWriter, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { AppError } from "@throughline/schemas/error";
import { type Command, Option } from "commander";
import { z } from "zod";

const EVERYTHING = "*";

/** How the command reaches the keys. */
export interface KeysContext {
  /** Opens the configured store, which a running local tower holds locked. */
  openStore: () => Promise<{ connection: StoreConnection; close: () => Promise<void> }>;
  /** The administrator's token, for `--url`. */
  administratorToken: () => string | undefined;
  write: (text: string) => void;
}

interface KeyDesk {
  create: (input: NewAccessKey) => Promise<{ key: AccessKey; text: string }>;
  list: () => Promise<AccessKey[]>;
  revoke: (id: string) => Promise<AccessKey>;
}

interface CreateOptions {
  name: string;
  role: string[];
  site?: string[];
  domain?: string[];
}

/** `throughline keys create | list | revoke`: over the store, or over a running tower with `--url`. */
export function addKeysCommand(program: Command, context: KeysContext): void {
  const keys = program
    .command("keys")
    .description("make, list and revoke the keys of senders and readers")
    .option("--url <url>", "a running tower, such as http://127.0.0.1:4180; needs THROUGHLINE_ADMIN_TOKEN");
  const atDesk = (work: (desk: KeyDesk) => Promise<string>) =>
    withDesk(context, keys.opts<{ url?: string }>().url, work);
  keys
    .command("create")
    .description("make a key; its text is shown once")
    .requiredOption("--name <name>", "who or what will use it")
    .addOption(new Option("--role <role...>", "what it may do").choices([...ROLES]).makeOptionMandatory())
    .option("--site <site...>", "only these sites")
    .option("--domain <domain...>", "only these domains")
    .action(async (options: CreateOptions) =>
      context.write(
        await atDesk(async (desk) => {
          const { key, text } = await desk.create(toNewKey(options));
          return `${text}\n\nThis is ${describeKey(key)}. Keep it safe: it is not shown again.\n`;
        }),
      ),
    );
  keys
    .command("list")
    .description("list all keys, revoked ones too")
    .option("--json", "as JSON", false)
    .action(async (options: { json: boolean }) =>
      context.write(await atDesk(async (desk) => toListText(await desk.list(), options.json))),
    );
  keys
    .command("revoke")
    .description("revoke a key; it is refused within seconds")
    .argument("<id>", "the key's id, as the list shows it")
    .action(async (id: string) =>
      context.write(await atDesk(async (desk) => `Revoked ${describeKey(await desk.revoke(id))}.\n`)),
    );
}

async function withDesk(context: KeysContext, url: string | undefined, work: (desk: KeyDesk) => Promise<string>) {
  if (url !== undefined) return work(openRemoteDesk(url, context.administratorToken()));
  const store = await context.openStore();
  const writer = createWriter(store.connection);
  const directory = await createKeyDirectory({ writer });
  const actor = `command:${userInfo().username}`;
  const audit = (action: string, target: string, detail: object) =>
    writer.insert({
      table: "audit_log",
      values: [{ at: Date.now(), actor, action, target, detail: JSON.stringify(detail), request_id: "" }],
      format: "JSONEachRow",
    });
  try {
    return await work({
      list: () => directory.list(),
      create: async (input) => (await audit("key.create", input.name, input), directory.create(input, actor)),
      revoke: async (id) => (await audit("key.revoke", id, {}), directory.revoke(id, actor)),
    });
  } finally {
    directory.close();
    await writer.close();
    await store.close();
  }
}

function openRemoteDesk(url: string, token: string | undefined): KeyDesk {
  if (token === undefined)
    throw new AppError(
      "invalid_configuration",
      "Set THROUGHLINE_ADMIN_TOKEN to the token that the tower was started with.",
    );
  const call = async <Schema extends z.ZodType>(schema: Schema, path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(new URL(`/api/v1/keys${path}`, url), { ...init, headers }).catch((cause: unknown) => {
      throw new AppError("unavailable", `No tower answers at ${url}.`, { cause });
    });
    const body: unknown = await response.json();
    if (response.ok) return schema.parse(body);
    const { detail } = z.object({ detail: z.string() }).parse(body);
    throw new AppError("invalid_request", `The tower refused: ${detail}`);
  };
  return {
    create: (input) =>
      call(z.object({ key: accessKey, text: z.string() }), "", { method: "POST", body: JSON.stringify(input) }),
    list: async () => (await call(z.object({ items: z.array(accessKey) }), "")).items,
    revoke: (id) => call(accessKey, `/${encodeURIComponent(id)}`, { method: "DELETE" }),
  };
}

function toNewKey({ name, role, site, domain }: CreateOptions): NewAccessKey {
  const scope = { sites: site ?? EVERYTHING, domains: domain ?? EVERYTHING };
  const parsed = newAccessKey.safeParse({ name, roles: role, scope });
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_request", `The key cannot be made: ${z.prettifyError(parsed.error)}`);
}

function toListText(keys: readonly AccessKey[], asJson: boolean): string {
  if (asJson) return `${JSON.stringify(keys, undefined, 2)}\n`;
  if (keys.length === 0) return "There are no keys. Make one with: throughline keys create --name NAME --role ROLE\n";
  return keys
    .map((key) => {
      const state = key.revokedAt === null ? "" : `, revoked ${key.revokedAt} by ${key.revokedBy}`;
      return `${key.id}  ${describeKey(key)}, made ${key.createdAt} by ${key.createdBy}${state}\n`;
    })
    .join("");
}

function describeKey({ id, name, roles, scope }: AccessKey): string {
  const names = (kind: string, list: "*" | string[]) =>
    list === EVERYTHING ? `all ${kind}` : `${kind} ${list.join(", ")}`;
  return `key ${id} "${name}" (${roles.join(", ")}; ${names("sites", scope.sites)}; ${names("domains", scope.domains)})`;
}
