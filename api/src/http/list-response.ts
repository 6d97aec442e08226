import { AppError } from "@throughline/schemas/error";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import type { ListFormat } from "../contract/page.ts";
import { type Column, toCsvHeader, toCsvRow, toParquet } from "./list-columns.ts";

/** Most rows of a list that leaves as a whole; the header `Throughline-Row-Limit` says so. */
const EXPORT_ROWS = 100_000;
const EXPORT_PAGE = 1000;
const MAX_EXPORTS = 4;
const RETRY_AFTER_SECONDS = 10;

const MEDIA_TYPES: Record<ListFormat, string> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
  parquet: "application/vnd.apache.parquet",
};
const FORMAT_OF: Readonly<Record<string, ListFormat>> = {
  "application/json": "json",
  "text/csv": "csv",
  "application/x-ndjson": "ndjson",
  "application/vnd.apache.parquet": "parquet",
};

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export interface ListSource<Item> {
  /** Name of the file, without its ending. */
  name: string;
  query: { limit: number; cursor?: string | undefined; format?: ListFormat | undefined };
  columns: readonly Column<Item>[];
  findPage: (paging: { limit: number; cursor: string | undefined }) => Promise<Page<Item>>;
}

/** How many lists leave as a whole at this moment, so that they cannot use up the process. */
export interface ExportGate {
  running: number;
}

/** Answers a list as one page of JSON, or as a whole in one of the other formats. */
export async function respondWithList<Item>(c: Context, gate: ExportGate, list: ListSource<Item>): Promise<Response> {
  const format = chooseFormat(c, list.query.format);
  const { limit, cursor } = list.query;
  if (format === "json") return Response.json(await list.findPage({ limit, cursor }), { headers: { vary: "Accept" } });
  if (gate.running >= MAX_EXPORTS)
    throw new AppError("too_many_requests", "Other lists are being exported.", {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  gate.running += 1;
  const rows = listRows(list, cursor);
  let isRunning = true;
  const release = () => {
    if (isRunning) gate.running -= 1;
    isRunning = false;
  };
  try {
    const body =
      format === "parquet"
        ? await collectParquet(list, rows).finally(release)
        : await streamText({ list, rows, format, release });
    return new Response(body, { headers: toHeaders(list.name, format) });
  } catch (error) {
    release();
    throw error;
  }
}

/** The form of an answer: as the query says, else as the request accepts it. */
export function chooseFormat(c: Context, asked: ListFormat | undefined): ListFormat {
  if (asked !== undefined) return asked;
  const supports = Object.keys(FORMAT_OF);
  return FORMAT_OF[accepts(c, { header: "Accept", supports, default: "application/json" })] ?? "json";
}

function toHeaders(name: string, format: ListFormat): Record<string, string> {
  return {
    "content-type": MEDIA_TYPES[format],
    "content-disposition": `attachment; filename="${name}.${format}"`,
    "throughline-row-limit": String(EXPORT_ROWS),
    "cache-control": "no-store",
    vary: "Accept",
  };
}

/** All rows page by page, up to the limit. */
async function* listRows<Item>(list: ListSource<Item>, start: string | undefined): AsyncGenerator<Item[]> {
  let cursor = start;
  let left = EXPORT_ROWS;
  do {
    const page: Page<Item> = await list.findPage({ limit: Math.min(EXPORT_PAGE, left), cursor });
    yield page.items;
    left -= page.items.length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && left > 0);
}

async function collectParquet<Item>(list: ListSource<Item>, rows: AsyncGenerator<Item[]>): Promise<ArrayBuffer> {
  const items: Item[] = [];
  for await (const page of rows) items.push(...page);
  return toParquet(list.columns, items);
}

/** The first page is read before the answer begins, so that what is wrong with the question is still said as a problem. */
async function streamText<Item>(options: {
  list: ListSource<Item>;
  rows: AsyncGenerator<Item[]>;
  format: "csv" | "ndjson";
  release: () => void;
}): Promise<ReadableStream<Uint8Array>> {
  const { list, rows, format, release } = options;
  const encoder = new TextEncoder();
  const toText = (items: Item[]) =>
    items.map((item) => (format === "csv" ? toCsvRow(list.columns, item) : `${JSON.stringify(item)}\n`)).join("");
  let upcoming = await rows.next();
  const head = format === "csv" ? toCsvHeader(list.columns) : "";
  let isFirst = true;
  return new ReadableStream({
    pull: async (controller) => {
      try {
        if (!isFirst) upcoming = await rows.next();
        const text = upcoming.done === true ? "" : toText(upcoming.value);
        if (isFirst || text !== "") controller.enqueue(encoder.encode((isFirst ? head : "") + text));
        isFirst = false;
        if (upcoming.done !== true) return;
        release();
        controller.close();
      } catch (error) {
        release();
        controller.error(error);
      }
    },
    cancel: async () => {
      release();
      await rows.return(undefined);
    },
  });
}
