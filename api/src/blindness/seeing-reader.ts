import { TupleParam } from "@clickhouse/client";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { type BlindTimesQuestion, listBlindTimes } from "../queries/list-blind-times.ts";
import { listCarriedTypes } from "../queries/list-carried-types.ts";
import { type BlindCell, listBlindCells, listBlindHours, listLegEnds } from "./blind-cells.ts";

/** Hours before the present that are looked at where a question gives no start. */
const LOOK_BACK_MS = 400 * 86_400_000;

/** What `blind-verdict` expressions name, and what of the question itself decides how they are filled in. */
const NAMES = { cells: "{blindCells:", hours: "{blindHours:" } as const;

/** Finds the cells that were blind at some time, as known now or at a moment. */
export type BlindFinder = (asker: Asker, question: BlindTimesQuestion) => Promise<BlindCell[]>;

export function createBlindFinder(reader: StoreReader, pack: Pick<Pack, "flows">): BlindFinder {
  const ends = listLegEnds(pack);
  return async (asker, question) => {
    const times = await listBlindTimes(reader, asker, question);
    if (times.length === 0) return [];
    const { asOf, ceiling } = question;
    return listBlindCells(ends, { carried: await listCarriedTypes(reader, asker, { asOf, ceiling }), times });
  };
}

/**
 * A reader that fills in what is blind wherever a question names it: the cells that are blind now, and the hours that were,
 * as of the question's own `asOf` and `ceiling` and within its `from` and `to`.
 */
export function createSeeingReader(
  reader: StoreReader,
  { findBlind, now }: { findBlind: BlindFinder; now: () => number },
): StoreReader {
  return {
    isAnswering: () => reader.isAnswering(),
    ask: async (asker, question) => {
      const named = { cells: question.sql.includes(NAMES.cells), hours: question.sql.includes(NAMES.hours) };
      if (!named.cells && !named.hours) return reader.ask(asker, question);
      const { asOf, ceiling, from, to } = readTexts(question.values);
      const known = { asOf, ceiling };
      const [cells, touched] = await Promise.all([
        named.cells ? findBlind(asker, { ...known, isOpen: true }) : [],
        named.hours ? findBlind(asker, { ...known, from, to }) : [],
      ]);
      const moment = Math.min(toTime(asOf) ?? Infinity, now());
      const range = { from: toTime(from) ?? moment - LOOK_BACK_MS, to: Math.min(toTime(to) ?? Infinity, moment) };
      const values = {
        ...question.values,
        ...(named.cells && {
          blindCells: cells.map(({ flow, leg, site }) => new TupleParam([flow, leg, site])),
          blindReasons: cells.map(toReason),
        }),
        ...(named.hours && {
          blindHours: listBlindHours(touched, range).map(
            ({ cell, hour }) => new TupleParam([cell.flow, cell.leg, cell.site, hour / 1000]),
          ),
        }),
      };
      return reader.ask(asker, { ...question, values });
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

function toReason({ times }: BlindCell): string {
  const named = times.map(({ source, from }) => `${source} (blind from ${new Date(from).toISOString()})`);
  return `no word from ${named.join(", ")}`;
}
