import type { Client } from "pg";
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";
import { z } from "zod";
import type { SourceOf } from "../config/edge-source.ts";
import type { Unit } from "../run/unit.ts";
import { type Session, keepConnected } from "./keep-connected.ts";
import { formatLsn, parseLsn } from "./lsn.ts";
import { connectToRead, explain, toClientConfig, toText } from "./postgres-client.ts";
import { type PostgresValues, toBody, toRowDocument } from "./postgres-row.ts";
import type { RunningSource, SourceParts } from "./source.ts";
import { digest, toMessage } from "./to-message.ts";

type Config = SourceOf<"postgres-replication">;
type Change = Pgoutput.MessageInsert | Pgoutput.MessageUpdate | Pgoutput.MessageDelete;

const REPORT_MS = 10_000;
const GROUP = 256;

/**
 * Takes the rows that transactions write, in the order in which these commit, out of a slot of its own. The server is told that a
 * transaction is taken only when all its rows are on disk. A row is known by the place of its commit, its number there and its content.
 */
export function readReplication(config: Config, parts: SourceParts): RunningSource {
  return keepConnected(parts, async (session) => {
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    const stop = () => lost.reject(new Error("stopped"));
    session.signal.addEventListener("abort", stop, { once: true });
    const client = await connectToRead(config, lost.reject);
    try {
      const stream = createStream(config, { session, confirmed: await openSlot(client, config), fail: lost.reject });
      try {
        const ended = stream.start();
        session.connected(async () => {
          const wanted = await look(client, { config, session });
          return () => stream.reached() >= wanted;
        });
        await Promise.race([ended, lost.promise]);
      } catch (error) {
        throw explain(error);
      } finally {
        await stream.stop();
      }
    } finally {
      session.signal.removeEventListener("abort", stop);
      await client.end();
    }
  });
}

/** The library acknowledges one byte more than it is told; what was just behind, a commit of a transaction beside it, would be skipped. */
function toAcknowledged(lsn: bigint): string {
  return formatLsn(lsn - 1n);
}

/** Reads the slot. `confirmed` is up to where the server knows that all is taken. */
function createStream(config: Config, parts: { session: Session; confirmed: bigint; fail: (error: unknown) => void }) {
  const { session, fail } = parts;
  const service = new LogicalReplicationService(toClientConfig(config), {
    acknowledge: { auto: false, timeoutSeconds: 0 },
    flowControl: { enabled: true },
  });
  const state = { confirmed: parts.confirmed, commit: "", rows: 0, isInside: false, isBusy: false, isBroken: false };
  const confirm = (lsn: bigint) => {
    if (state.isBroken) return;
    if (lsn > state.confirmed) state.confirmed = lsn;
    void service.acknowledge(toAcknowledged(state.confirmed)).catch(fail);
  };
  /** Rows of the transaction that are being written together. */
  const taking: Promise<void>[] = [];
  const settle = async () => void (await Promise.all(taking.splice(0)));
  const add = async (unit: Unit) => {
    const mine = session.take(unit);
    // It is seen when the group settles; until then nobody looks.
    mine.catch(() => undefined);
    taking.push(mine);
    if (taking.length >= GROUP) await settle();
  };
  const take = async (message: Pgoutput.Message) => {
    if (message.tag === "begin") Object.assign(state, { commit: message.commitLsn ?? "", rows: 0, isInside: true });
    else if (message.tag === "commit") {
      await settle();
      state.isInside = false;
      confirm(parseLsn(message.commitEndLsn ?? "0/0"));
    } else if (message.tag === "insert" || message.tag === "update" || message.tag === "delete") {
      const number = state.rows++;
      if (config.operations.includes(message.tag))
        await add(toUnit(config, { message, place: [state.commit, number] }));
    }
  };
  service.on("data", async (_, message: Pgoutput.Message) => {
    if (state.isBroken) return;
    state.isBusy = true;
    try {
      await take(message);
    } catch (error) {
      // The library goes on with what comes behind; a commit there must not speak for what was not taken.
      state.isBroken = true;
      fail(error);
    }
    state.isBusy = false;
  });
  service.on("heartbeat", async (lsn) => {
    // The server has nothing else up to here, for what it sent before is taken.
    if (!state.isInside && !state.isBusy) confirm(parseLsn(lsn));
    else confirm(state.confirmed);
  });
  service.on("error", fail);
  const timer = setInterval(() => confirm(state.confirmed), REPORT_MS);
  return {
    start: () => service.subscribe(createPlugin(config), config.slot),
    reached: () => state.confirmed,
    stop: async () => {
      clearInterval(timer);
      await service.destroy();
    },
  };
}

/** Leaves values as the server writes them. */
function createPlugin({ publication }: Config): PgoutputPlugin {
  const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [publication] });
  const parse = plugin.parse.bind(plugin);
  plugin.parse = (buffer) => {
    const message = parse(buffer);
    if (message.tag === "relation") for (const column of message.columns) column.parser = toText;
    return message;
  };
  return plugin;
}

const values = z.record(z.string(), z.string().nullable().optional());

function toUnit(config: Config, { message, place }: { message: Change; place: [string, number] }) {
  const { relation, tag } = message;
  const columns = relation.columns.map(({ name, typeOid }) => ({ name, typeId: typeOid }));
  const row: PostgresValues = values.parse(tag === "delete" ? (message.old ?? message.key) : message.new);
  const more = { operation: tag, table: `${relation.schema}.${relation.name}` };
  const raw = config.body === undefined ? toRowDocument(columns, row, more) : toBody(columns, row, config.body);
  return toMessage(raw, ["postgres-replication", config.slot, ...place, digest(raw)]);
}

const lsnRows = z.tuple([z.object({ lsn: z.string() })]);

/** Up to where the slot is confirmed; makes it when it is not there. */
async function openSlot(client: Client, { slot }: Config): Promise<bigint> {
  const found = await client.query(
    "SELECT confirmed_flush_lsn::text AS lsn FROM pg_replication_slots WHERE slot_name = $1 AND plugin = 'pgoutput'",
    [slot],
  );
  const { rows } =
    found.rows.length > 0
      ? found
      : await client.query("SELECT lsn::text FROM pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
  return parseLsn(lsnRows.parse(rows)[0].lsn);
}

const stateRows = z.tuple([z.object({ lsn: z.string(), retained: z.string().nullable() })]);

/** Up to where the server has written, after a look at what the slot makes it keep. */
async function look(client: Client, { config, session }: { config: Config; session: Session }): Promise<bigint> {
  const { rows } = await client.query(
    `SELECT pg_current_wal_flush_lsn()::text AS lsn, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::text AS retained
       FROM pg_replication_slots WHERE slot_name = $1`,
    [config.slot],
  );
  const [{ lsn, retained }] = stateRows.parse(rows);
  const megabytes = Math.round(Number(retained) / 1_000_000);
  const isMuch = Number(retained) >= config.warnRetainedBytes;
  session.warn(isMuch ? `the slot makes the server keep ${megabytes} MB of its log` : undefined);
  return parseLsn(lsn);
}
