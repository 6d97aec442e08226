import type { ClickHouseClient } from "@clickhouse/client";
import { type AccessKey, ADMINISTRATOR, type NewAccessKey, type Principal } from "../access.ts";
import { createKeyText, findKeyId, hashKey, isSameHash, MIN_ADMINISTRATOR_TOKEN_LENGTH } from "../access-key.ts";
import { AppError } from "../error.ts";
import { type KeyRow, toAccessKey, toPrincipal, toScopeColumn } from "../rows/api-keys.ts";
import { insertKeyRow, listKeyRows, readKeyCache, writeKeyCache } from "./key-rows.ts";

const DEFAULT_REFRESH_MS = 2000;
const MISS_REFRESH_MS = 250;
const MAX_KEYS = 10_000;

export interface KeyDirectoryOptions {
  /** A client of a user that may read and write `api_keys`. */
  writer: ClickHouseClient;
  /** Where the hashes are kept for the time that the store is away; none: such a time locks all keys out after a start. */
  cacheFile?: string;
  /** A token of 32 characters or more that is an administrator's. */
  administratorToken?: string;
  /** How often changes made by other processes are looked for; 2 s unless given. A revocation takes effect within it. */
  refreshMs?: number;
  now?: () => number;
}

/** The keys of this tower, looked up in memory. */
export interface KeyDirectory {
  /** Who a key's text or the administrator's token stands for; undefined when nobody, or when it was revoked. */
  findPrincipal(secret: string): Promise<Principal | undefined>;
  /** The same without asking the store about a key that is not known yet. */
  findKnownPrincipal(secret: string): Principal | undefined;
  /** Who stands behind a principal's id as of now: undefined when the key was revoked. */
  findPrincipalById(id: string): Principal | undefined;
  /** Makes a key. Its text is returned here and never again. */
  create(input: NewAccessKey, actor: string): Promise<{ key: AccessKey; text: string }>;
  /** All keys, revoked ones too, newest first. */
  list(): Promise<AccessKey[]>;
  /** Revokes a key; one revoked before stays as it was. Throws `not_found` for an unknown id. */
  revoke(id: string, actor: string): Promise<AccessKey>;
  /** Reads the keys from the store now. Throws `unavailable` when it is away. */
  refresh(): Promise<void>;
  close(): void;
}

/**
 * Reads the keys and keeps them current. Starts from the cache file when the store does not answer, so that a sender is
 * let in while the store is away.
 */
export async function createKeyDirectory(options: KeyDirectoryOptions): Promise<KeyDirectory> {
  const { now = Date.now } = options;
  const administratorHash = toAdministratorHash(options.administratorToken);
  const table = await openKeyTable({ ...options, now });

  const findKnownPrincipal = (secret: string): Principal | undefined => {
    const hash = hashKey(secret);
    if (administratorHash !== undefined && isSameHash(hash, administratorHash)) return ADMINISTRATOR;
    const row = table.find(findKeyId(secret) ?? "");
    return row && row.revoked_at === null && isSameHash(row.hash, hash) ? toPrincipal(row) : undefined;
  };
  return {
    findKnownPrincipal,
    findPrincipal: async (secret) => {
      const known = findKnownPrincipal(secret);
      const id = findKeyId(secret);
      if (known || id === undefined || table.find(id)) return known;
      await table.refreshIfOlderThan(MISS_REFRESH_MS);
      return findKnownPrincipal(secret);
    },
    findPrincipalById: (id) => {
      if (id === ADMINISTRATOR.id) return ADMINISTRATOR;
      const row = table.find(id);
      return row && row.revoked_at === null ? toPrincipal(row) : undefined;
    },
    create: async (input, actor) => {
      await table.refresh();
      if (table.list().length >= MAX_KEYS)
        throw new AppError("conflict", `There are ${MAX_KEYS} keys already, which is the most.`);
      const { text, ...made } = createKeyText();
      await table.record({ ...toNewRow(input), ...made, created_at: toInstant(now()), created_by: actor });
      return { key: toAccessKey(table.get(made.id)), text };
    },
    list: async () => {
      await table.refresh();
      return table
        .list()
        .toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1))
        .map(toAccessKey);
    },
    revoke: async (id, actor) => {
      await table.refresh();
      const row = table.get(id);
      if (row.revoked_at === null)
        await table.record({ ...row, version: row.version + 1, revoked_at: toInstant(now()), revoked_by: actor });
      return toAccessKey(table.get(id));
    },
    refresh: table.refresh,
    close: table.close,
  };
}

/** The rows of the keys in memory, read again every `refreshMs`. */
async function openKeyTable(options: KeyDirectoryOptions & { now: () => number }) {
  const { writer, cacheFile, now } = options;
  const cached = cacheFile === undefined ? [] : await readKeyCache(cacheFile);
  let rows = new Map(cached.map((row) => [row.id, row]));
  let refreshedAt = 0;
  let running: Promise<void> | undefined;

  const load = async () => {
    refreshedAt = now();
    const loaded = await listKeyRows(writer, MAX_KEYS);
    rows = new Map(loaded.map((row) => [row.id, row]));
    if (cacheFile !== undefined) await writeKeyCache(cacheFile, loaded);
  };
  const refresh = () => (running ??= load().finally(() => (running = undefined)));
  const refreshQuietly = () => refresh().catch(() => undefined);
  await refreshQuietly();
  const timer = setInterval(() => void refreshQuietly(), options.refreshMs ?? DEFAULT_REFRESH_MS).unref();
  return {
    refresh,
    refreshIfOlderThan: async (ageMs: number) => {
      if (running || now() - refreshedAt >= ageMs) await refreshQuietly();
    },
    record: async (row: KeyRow) => {
      await insertKeyRow(writer, row);
      await running?.catch(() => undefined);
      await refreshQuietly();
      rows.set(row.id, row);
    },
    list: () => [...rows.values()],
    find: (id: string) => rows.get(id),
    get: (id: string) => {
      const row = rows.get(id);
      if (!row) throw new AppError("not_found", `There is no key ${id}.`);
      return row;
    },
    close: () => clearInterval(timer),
  };
}

function toNewRow({ name, roles, scope }: NewAccessKey) {
  const names = { sites: toScopeColumn(scope.sites), domains: toScopeColumn(scope.domains) };
  return { version: 1, name, roles, ...names, revoked_at: null, revoked_by: "" };
}

function toAdministratorHash(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (token.length < MIN_ADMINISTRATOR_TOKEN_LENGTH)
    throw new AppError(
      "invalid_configuration",
      `The administrator's token must have ${MIN_ADMINISTRATOR_TOKEN_LENGTH} characters or more.`,
    );
  return hashKey(token);
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
