import { Client } from "pg";
import { z } from "zod";
import { POSTING_COLUMNS } from "./native/write-documents.ts";
import { createFolderSpeaker, type Place, type Speaker } from "./speak.ts";

const rows = z.array(z.record(z.string(), z.string()));

/** The table of an outbox: a number that grows, and the columns of a posting. */
export const OUTBOX_TABLE = `CREATE TABLE outbox (number bigserial PRIMARY KEY, ${POSTING_COLUMNS.map((name) => `${name} text NOT NULL`).join(", ")})`;

const PLACES = POSTING_COLUMNS.map((_, index) => `$${index + 1}`).join(", ");
const INSERT = `INSERT INTO outbox (${POSTING_COLUMNS.join(", ")}) VALUES (${PLACES})`;

/** Rows of an outbox in a database, where there is one; documents, and rows where there is none, as files. */
export function createOutboxSpeaker(place: Place): Speaker {
  const folder = createFolderSpeaker(place);
  const { outbox } = place;
  if (outbox === null) return folder;
  const client = new Client(outbox);
  const connected = client.connect();
  connected.catch(() => undefined);
  return {
    say: async (utterance) => {
      if (utterance.format !== "row") return folder.say(utterance);
      await connected;
      for (const row of rows.parse(JSON.parse(utterance.text)))
        await client.query(
          INSERT,
          POSTING_COLUMNS.map((name) => row[name] ?? ""),
        );
    },
    end: async () => {
      await connected;
      await client.end();
    },
  };
}
