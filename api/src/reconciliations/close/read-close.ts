import { formatDecimal } from "@throughline/schemas/exact/rational";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { Close, CloseQuery } from "../../contract/close.ts";
import { toHref } from "../../http/href.ts";
import type { ApiDeps } from "../../http/deps.ts";
import { findDay } from "../../projections/legs/due-time.ts";
import type { Asker, StoreReader } from "../../queries/ask.ts";
import type { LockRow } from "../../queries/checkpoint-row.ts";
import { listLocks } from "../../queries/list-locks.ts";
import { sumCheckpointRows } from "../../queries/sum-checkpoint-rows.ts";
import { sumOpenItems } from "../../queries/sum-open-items.ts";
import { sumKeptWorth, sumOpenWorth } from "../../queries/sum-open-worth.ts";
import { toInstant } from "../../queries/time-range.ts";
import { toDrift } from "../build-statement.ts";
import { coversCompany } from "../checkpoints/checkpoint-context.ts";
import { toStatementSums } from "../checkpoints/sum-rows.ts";
import { type Company, listCompanies } from "../companies.ts";
import { toKeptHref } from "../figure-rows.ts";
import type { Found, ItemFinder } from "../item-finder.ts";
import { toFeeds } from "../list-reconciliations.ts";
import { countDays } from "./measure-accuracy.ts";

type ClosingReconciliation = Close["reconciliations"][number];

/** What reading a close needs. */
export interface CloseReading extends Pick<ApiDeps, "reader" | "workingTimes"> {
  asker: Asker;
  finder: ItemFinder;
  reconciliations: NonNullable<Pack["reconciliations"]>;
}

/** How far a period of a company is from being locked: which feeds are complete, what is open, and whose it is. */
export async function readClose(reading: CloseReading, asked: CloseQuery): Promise<Close> {
  const { reader, asker, finder, reconciliations, workingTimes } = reading;
  const { domains } = asker.scope;
  const models = finder.models.filter(({ rule }) => domains === "*" || domains.includes(rule.domain));
  const { asOf } = asked;
  const find = await finder.open(asker, asOf);
  const found = models.map(({ rule }) => find(rule.id, asked));
  const first = found[0] ?? find(finder.models[0]?.rule.id ?? "", asked);
  const { company, range, at } = first;
  const by = asOf === undefined ? undefined : at.now;
  const locks = await listLocks(reader, asker, { company: company.id, by });
  const standing = locks.filter((lock) => lock.state === "locked" && isOf(lock, first));
  const lockOf = (id: string) => standing.find(({ reconciliation }) => reconciliation === id);
  const closing = await Promise.all(
    found.map((each) => describeReconciliation({ reader, asker }, each, lockOf(each.at.model.rule.id))),
  );
  const feeds = listFeeds(found);
  const isOver = range.until <= at.now;
  const isBreached = closing.some(({ units }) => units.some(({ isAccountBreached }) => isAccountBreached));
  return {
    company: toName(company),
    companies: listCompanies(reconciliations.books).map(toName),
    period: { id: range.id, from: toInstant(range.from), to: toInstant(range.until), zone: company.zone },
    isOver,
    isWhole: coversCompany(asker.scope, company),
    isReady: isOver && feeds.every(({ isComplete }) => isComplete) && !isBreached,
    feeds,
    reconciliations: closing,
    owners: listOwners(closing),
    lock: toLock({ company, to: range.until, now: at.now, standing, count: closing.length }, workingTimes),
  };
}

function isOf({ from_at, cutoff_at }: LockRow, { range }: Found): boolean {
  return Date.parse(from_at) === range.from && Date.parse(cutoff_at) === range.to;
}

function toName({ id, title }: Company) {
  return { id, title };
}

async function describeReconciliation(
  { reader, asker }: { reader: StoreReader; asker: Asker },
  { at, range, company, isKept, asked }: Found,
  lock: LockRow | undefined,
): Promise<ClosingReconciliation> {
  const { rule } = at.model;
  const [open, worth] = await Promise.all([
    lock
      ? sumCheckpointRows(reader, asker, lock.checkpoint).then((sums) => toStatementSums(sums).closing)
      : sumOpenItems(reader, asker, at),
    lock ? sumKeptWorth(reader, asker, lock.checkpoint) : sumOpenWorth(reader, asker, at),
  ]);
  const to = toInstant(range.to);
  const context = { id: rule.id, accountLimit: rule.materiality.account, to, asked };
  const path = `/reconciliations/${encodeURIComponent(rule.id)}`;
  const units = [...new Set(open.map(({ unit }) => unit))].toSorted().map((unit) => ({
    ...toDrift(unit, open, context),
    ...(lock && { itemsHref: toKeptHref(lock, { kind: "open", unit }) }),
  }));
  return {
    id: rule.id,
    title: rule.title,
    owner: rule.owner,
    domain: rule.domain,
    isKept,
    isComplete: at.feeds.a.watermark >= range.until && at.feeds.b.watermark >= range.until,
    feeds: toFeeds(at.feeds),
    units,
    worth:
      rule.measure.kind === "money"
        ? units.flatMap(({ unit, gross }) => (unit === "" ? [] : [{ currency: unit, value: gross }]))
        : worth.map(({ currency, worth: value }) => ({ currency, value: formatDecimal(value) })),
    lock: lock
      ? { checkpoint: lock.checkpoint, lockedAt: lock.at, lockedBy: { id: lock.actor, name: lock.actor_name } }
      : null,
    statementHref: toHref(`${path}/statement`, { ...asked, company: company.id, from: toInstant(range.from), to }),
    checkpointsHref: toHref(`${path}/checkpoints`, { company: company.id }),
  };
}

/** Every source once, the one that is farthest behind first. */
function listFeeds(found: readonly Found[]): Close["feeds"] {
  const feeds = new Map<string, { watermark: number; isSilent: boolean; cutoff: number; reconciliations: string[] }>();
  for (const { sources, at, range } of found)
    for (const { source, watermark, isSilent } of [...sources.a, ...sources.b]) {
      const feed = feeds.get(source) ?? { watermark, isSilent, cutoff: range.until, reconciliations: [] };
      if (!feed.reconciliations.includes(at.model.rule.id)) feed.reconciliations.push(at.model.rule.id);
      feeds.set(source, feed);
    }
  return [...feeds]
    .toSorted(([left, a], [right, b]) => a.watermark - b.watermark || (left < right ? -1 : 1))
    .map(([source, { watermark, isSilent, cutoff, reconciliations }]) => ({
      source,
      completeTo: watermark > 0 ? toInstant(watermark) : null,
      isSilent,
      isComplete: watermark >= cutoff,
      reconciliations,
    }));
}

function listOwners(closing: readonly ClosingReconciliation[]): Close["owners"] {
  return [...Map.groupBy(closing, ({ owner }) => owner)]
    .map(([owner, own]) => ({
      owner,
      reconciliations: own.length,
      locked: own.filter(({ lock }) => lock !== null).length,
      items: own.reduce((left, { units }) => left + units.reduce((sum, { count }) => sum + count, 0), 0),
    }))
    .toSorted((a, b) => b.items - a.items || (a.owner < b.owner ? -1 : 1));
}

function toLock(
  given: { company: Company; to: number; now: number; standing: readonly LockRow[]; count: number },
  workingTimes: ApiDeps["workingTimes"],
): Close["lock"] {
  const { company, to, now, standing, count } = given;
  const { zone, closing } = company;
  const due = closing && findDay({ workingDays: closing.workingDays }, to - 1, workingTimes.get(closing.calendar));
  const isLocked = count > 0 && standing.length === count;
  const lockedAt = isLocked ? Math.max(...standing.map(({ at }) => Date.parse(at))) : undefined;
  return {
    dueAt: due === undefined ? null : toInstant(due),
    daysLeft: due === undefined || isLocked ? null : countDays(now, due, zone),
    lockedAt: lockedAt === undefined ? null : toInstant(lockedAt),
    daysToLock: lockedAt === undefined ? null : countDays(to - 1, lockedAt, zone),
  };
}
