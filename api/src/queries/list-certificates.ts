import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";

const MAX_CERTIFICATES = 20_000;

const certificateRow = z.object({
  source: z.string(),
  type: z.string(),
  service: z.string(),
  peer: z.string(),
  route: z.string(),
  side: z.enum(["server", "client"]),
  subject: z.string(),
  expires: instant,
  first_seen: instant,
  last_seen: instant,
});
export type CertificateRow = z.infer<typeof certificateRow>;

/**
 * The certificates that traffic has shown since a time and by another, with when each was seen first and last. One that was
 * seen later as well counts as seen up to the end.
 */
export async function listCertificates(
  reader: StoreReader,
  asker: Asker,
  { since, until }: { since: number; until: number },
): Promise<CertificateRow[]> {
  return reader.ask(asker, {
    caller: "list-certificates",
    sql: `SELECT source, type, service, peer, route, side, subject, not_after AS expires, min(first_at) AS first_seen,
        least(max(last_at), {until: DateTime64(3, 'UTC')}) AS last_seen
      FROM certificates_seen
      GROUP BY source, type, service, peer, route, side, subject, not_after
      HAVING last_seen >= {since: DateTime64(3, 'UTC')} AND first_seen <= {until: DateTime64(3, 'UTC')}
      ORDER BY source, type, service, peer, route, side, subject, not_after
      LIMIT ${MAX_CERTIFICATES}`,
    values: { since: toStoreTime(since), until: toStoreTime(until) },
    row: certificateRow,
  });
}
