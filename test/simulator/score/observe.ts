import { feedFindings } from "@throughline/api/contract/coverage";
import { interfaceSummary } from "@throughline/api/contract/interface";
import { journey } from "@throughline/api/contract/journey";
import { type Leg, leg } from "@throughline/api/contract/leg";
import { matchItem } from "@throughline/api/contract/match";
import { quarantined } from "@throughline/api/contract/quarantine";
import { openItem, reconciliationList } from "@throughline/api/contract/reconciliation";
import { source as sourceState } from "@throughline/api/contract/source";
import type { Finding } from "./finding.ts";
import type { ScoredTower } from "./scored-tower.ts";

const WRONG_VERDICTS = "verdict=BREACHED&verdict=SEQUENCE&verdict=ORPHAN_END";
const REFUSABLE = "procure-to-pay/acknowledgement";
const REFUSAL = "supplier.purchase_order.acknowledged";
/** A held invoice waits for its receipt, which is no fault of anybody. */
const WRONG_OUTCOMES = "outcome=warned&outcome=blocked&outcome=parked&outcome=rejected";

/**
 * All that a tower finds wrong now with what happened from a time on, by the questions that its pages ask; of the feeds, what they
 * were like since the last look, since a feed has one finding of a kind however often it was so.
 */
export async function observe(
  tower: ScoredTower,
  { from, lastLook, now }: { from: number; lastLook: number; now: number },
): Promise<Finding[]> {
  const range = `from=${toIso(from)}&to=${toIso(now)}`;
  const found = [
    await observeLegs(tower, range),
    await observeMatches(tower),
    await observeItems(tower, now),
    await observeFeeds(tower, `from=${toIso(lastLook)}&to=${toIso(now)}`, now),
    await observeInterfaces(tower, range),
    await observeQuarantine(tower, range),
    await observeDuplicates(tower, range),
  ];
  return found.flat();
}

async function observeLegs(tower: ScoredTower, range: string): Promise<Finding[]> {
  const items = await tower.list(`/legs?${range}&${WRONG_VERDICTS}`);
  const found: Finding[] = [];
  for (const item of items) {
    const of = leg.parse(item);
    const finding = toLegFinding(of);
    const isAwaited = finding.name === REFUSABLE && finding.hasEnded === false;
    const refusal = isAwaited ? await findRefusal(tower, of.instance) : undefined;
    found.push(refusal === undefined ? finding : { ...finding, refusal });
  }
  return found;
}

/** The code with which what is awaited was refused, as a reader of the journey sees it. */
async function findRefusal(tower: ScoredTower, { type, id }: Leg["instance"]): Promise<string | undefined> {
  const { events } = journey.parse(await tower.get(`/journeys/${type}/${encodeURIComponent(id)}`));
  const refusal = events.find(
    (event) =>
      event.outcome === "rejected" && event.type === REFUSAL && event.objects.some((object) => object.id === id),
  );
  return refusal?.error?.code;
}

function toLegFinding(of: Leg): Finding {
  const { flow, leg: legId, instance, occurrence, verdict, endedAt, evaluatedAt } = of;
  return {
    key: `leg ${flow}/${legId} ${instance.id} ${occurrence}`,
    channel: "leg",
    name: `${flow}/${legId}`,
    verdict,
    hasEnded: endedAt !== null,
    objects: [[instance.type, instance.id]],
    at: Date.parse(evaluatedAt),
  };
}

async function observeMatches(tower: ScoredTower): Promise<Finding[]> {
  const items = await tower.list(`/matches?kind=invoice&kind=line&${WRONG_OUTCOMES}`);
  return items.flatMap((item) => {
    const { id, kind, causes, invoice, lines, order, evaluatedAt } = matchItem.parse(item);
    const objects = [
      ...lines.map((line) => ["invoice_line", line] as const),
      ...(order === null ? [] : [["purchase_order_line", order] as const]),
      ...(invoice === null || kind === "line" ? [] : [["invoice", invoice] as const]),
    ];
    return causes
      .filter(({ code }) => code !== "NO_RECEIPT")
      .map(({ code }) => ({
        key: `match ${id} ${code}`,
        channel: "match" as const,
        name: code,
        objects,
        at: Date.parse(evaluatedAt),
      }));
  });
}

async function observeItems(tower: ScoredTower, now: number): Promise<Finding[]> {
  const { items } = reconciliationList.parse(await tower.get("/reconciliations"));
  const open = items.filter(({ units }) => units.some(({ byClass }) => byClass.some(isBreak)));
  const found: Finding[] = [];
  for (const { id } of open)
    for (const item of await tower.list(`/reconciliations/${id}/items?class=BREAK`)) {
      const { key, side, source, id: event, unit, isBeyondLimit } = openItem.parse(item);
      if (!isBeyondLimit) continue;
      const objects = key.map((part) => ["", part] as const);
      found.push({ key: `item ${id} ${source} ${event} ${side} ${unit}`, channel: "item", name: id, objects, at: now });
    }
  return found;
}

function isBreak(total: { class: string; count: number }): boolean {
  return total.class === "BREAK" && total.count > 0;
}

/** Findings that say how often something was so since the last look, and when first. */
const COUNTED: ReadonlySet<string> = new Set(["behind-watermark", "clock-ahead"]);

async function observeFeeds(tower: ScoredTower, range: string, now: number): Promise<Finding[]> {
  const { items } = feedFindings.parse(await tower.get(`/sources/findings?${range}`));
  return items.map(({ source, kind, since, until, detail }) => ({
    key: `feed ${source} ${kind} ${since}`,
    channel: "feed",
    name: kind,
    objects: [["source", source]],
    at: Date.parse(since),
    until: until === null || COUNTED.has(kind) ? now : Date.parse(until),
    detail,
  }));
}

async function observeInterfaces(tower: ScoredTower, range: string): Promise<Finding[]> {
  const items = await tower.list(`/interfaces?${range}`);
  return items.flatMap((item) => {
    const { id, findings } = interfaceSummary.parse(item);
    return findings.map(({ kind, subject, firstSeenAt }) => ({
      key: `interface ${id} ${kind} ${subject}`,
      channel: "interface" as const,
      name: kind,
      objects: [["interface", id] as const, ...(subject === "" ? [] : [["subject", subject] as const])],
      at: Date.parse(firstSeenAt ?? ""),
    }));
  });
}

async function observeQuarantine(tower: ScoredTower, range: string): Promise<Finding[]> {
  const items = await tower.list(`/quarantine?${range}`);
  return items.map((item) => {
    const { log, position, source, code, arrivedAt } = quarantined.parse(item);
    return {
      key: `quarantine ${log} ${position}`,
      channel: "quarantine",
      name: code,
      objects: [["source", source]],
      at: Date.parse(arrivedAt),
    };
  });
}

/** What came twice is no alarm; each of them is counted. */
async function observeDuplicates(tower: ScoredTower, range: string): Promise<Finding[]> {
  const items = await tower.list(`/sources?${range}`);
  return items.flatMap((item) => {
    const { source: name, duplicates, lastArrivedAt } = sourceState.parse(item);
    return Array.from({ length: duplicates }, (_, index) => ({
      key: `duplicate ${name} ${index}`,
      channel: "feed" as const,
      name: "duplicates",
      objects: [["source", name] as const],
      at: Date.parse(lastArrivedAt),
    }));
  });
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}
