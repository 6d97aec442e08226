import type { Pack } from "@throughline/schemas/pack/flow";
import { createFeedRules } from "../projections/feeds/feed-rule.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { listBlindHours } from "../queries/list-blind-hours.ts";
import { listBlindTimes } from "../queries/list-blind-times.ts";
import { listCarriedTypes } from "../queries/list-carried-types.ts";
import { type BlindMap, createBlindMap, listLegEnds } from "./blind-groups.ts";
import { toBlindValues, toUnseenValues } from "./blind-values.ts";

/** Hours before the present that are looked at where a question gives no start. */
const LOOK_BACK_MS = 400 * 86_400_000;

/** What `shown-verdict` expressions name. */
const NAMES = { verdicts: "{blindLegs:", hours: "{unseenLegs:" } as const;

/** As known now or at a moment, both as the store writes them. */
interface Known {
  asOf: string | undefined;
  ceiling: string | undefined;
}

/** Finds whose legs end by silent sources. */
export interface BlindFinder {
  /** What fills in expressions for verdicts: what is silent now, or was at the moment. */
  findBlind: (asker: Asker, known: Known) => Promise<Record<string, unknown>>;
  /** What fills in expressions for hours: what was silent in a time, in milliseconds since 1970 UTC. */
  findUnseen: (asker: Asker, known: Known & { fromMs: number; toMs: number }) => Promise<Record<string, unknown>>;
}

export function createBlindFinder(reader: StoreReader, pack: Pick<Pack, "flows" | "sources">): BlindFinder {
  const ends = listLegEnds(pack);
  const ruleOf = createFeedRules(pack.sources, new Map());
  const suppliersOf = (source: string) => ruleOf(source).suppliers;
  const map = async (asker: Asker, known: Known, times: readonly { source: string }[]): Promise<BlindMap> => {
    const silent = new Set(times.map(({ source }) => source));
    const carried = silent.size === 0 ? [] : await listCarriedTypes(reader, asker, known);
    return createBlindMap(ends, { carried, suppliersOf, silent });
  };
  return {
    findBlind: async (asker, known) => {
      const times = await listBlindTimes(reader, asker, { ...known, isOpen: true });
      return toBlindValues(await map(asker, known, times), times);
    },
    findUnseen: async (asker, { fromMs, toMs, ...known }) => {
      const hours = await listBlindHours(reader, asker, { ...known, fromMs, toMs });
      return toUnseenValues(await map(asker, known, hours), hours);
    },
  };
}

/**
 * A reader that fills in what is blind wherever a question names it: what is silent now, and the hours in which it was, as
 * of the question's own `asOf` and `ceiling` and within its `from` and `to`.
 */
export function createSeeingReader(
  reader: StoreReader,
  { finder, now }: { finder: BlindFinder; now: () => number },
): StoreReader {
  return {
    isAnswering: () => reader.isAnswering(),
    ask: async (asker, question) => {
      const named = { verdicts: question.sql.includes(NAMES.verdicts), hours: question.sql.includes(NAMES.hours) };
      if (!named.verdicts && !named.hours) return reader.ask(asker, question);
      const { asOf, ceiling, from, to } = readTexts(question.values);
      const moment = Math.min(toTime(asOf) ?? Infinity, now());
      const range = { fromMs: toTime(from) ?? moment - LOOK_BACK_MS, toMs: Math.min(toTime(to) ?? Infinity, moment) };
      const [blind, unseen] = await Promise.all([
        named.verdicts ? finder.findBlind(asker, { asOf, ceiling }) : {},
        named.hours ? finder.findUnseen(asker, { asOf, ceiling, ...range }) : {},
      ]);
      return reader.ask(asker, { ...question, values: { ...question.values, ...blind, ...unseen } });
    },
  };
}

function readTexts(values: Readonly<Record<string, unknown>>) {
  const text = (name: string) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  return { asOf: text("asOf"), ceiling: text("ceiling"), from: text("from"), to: text("to") };
}

/** A time as the store writes it, which is UTC without a zone. */
function toTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(`${text.replace(" ", "T")}Z`);
}
