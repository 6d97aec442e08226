import type { Event } from "@throughline/schemas/event";
import { parseEvent } from "@throughline/schemas/event-validator";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { readDocuments, TEST_POLICY } from "../../../collector/src/edge/documents.fixture.ts";
import { createDocumentMapper } from "../../../collector/src/edge/map/document-mapper.ts";
import { loadEdgePack } from "./load-network-pack.ts";
import type { PlayedNetwork } from "./play-network.fixture.ts";

const pack = loadEdgePack();
const mapper = createDocumentMapper(pack, TEST_POLICY);
/** JSON is read by the mapping that its interface names. */
const toJsonMapper = (name: string) =>
  createDocumentMapper({ ...pack, mappings: pack.mappings.filter((each) => each.name === name) }, TEST_POLICY);
const notices = toJsonMapper("json-procurement");
const postings = toJsonMapper("json-posting");

/** What the tower gets to know of what systems said: the events of services, and what an edge reads in documents and rows. */
export async function readWords(words: PlayedNetwork["words"]): Promise<Event[]> {
  const events: Event[] = [];
  for (const word of words) events.push(...(await readWord(word)));
  return events;
}

async function readWord({ system, format, text }: PlayedNetwork["words"][number]): Promise<readonly Event[]> {
  if (format === "job") return [];
  if (format === "sdk") {
    const read = parseEvent(JSON.parse(text));
    if (!read.ok) throw new Error(`${text} is no event`);
    return [read.event];
  }
  const native: DocumentFormat = format === "row" ? "json" : format;
  const ofJson = system === "procurement-saas" ? notices : postings;
  const reader = { mapper: native === "json" ? ofJson : mapper };
  const { documents } = await readDocuments(native, Buffer.from(text), reader);
  return documents.flatMap((document) => document.events);
}
