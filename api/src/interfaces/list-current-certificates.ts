import type { Certificate } from "../contract/interface.ts";
import type { CertificateRow } from "../queries/list-certificates.ts";

const DAY_MS = 86_400_000;

/**
 * The certificates in use, the one that ends first before the others. Where one was replaced, the old one still counts as
 * long as some system shows it within a day of the new one: a renewal that reached one of two servers is none.
 */
export function listCurrentCertificates(rows: readonly CertificateRow[], now: number): Certificate[] {
  const merged = new Map<string, CertificateRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.side, row.subject, row.expires]);
    const known = merged.get(key) ?? row;
    merged.set(key, {
      ...row,
      first_seen: known.first_seen < row.first_seen ? known.first_seen : row.first_seen,
      last_seen: known.last_seen > row.last_seen ? known.last_seen : row.last_seen,
    });
  }
  const ofSubject = Map.groupBy(merged.values(), ({ side, subject }) => `${side} ${subject}`);
  return [...ofSubject.values()]
    .flatMap((group) => {
      const latest = Math.max(...group.map(({ last_seen }) => Date.parse(last_seen)));
      return group.filter(({ last_seen }) => latest - Date.parse(last_seen) < DAY_MS);
    })
    .map((row) => ({
      side: row.side,
      subject: row.subject,
      notAfter: row.expires,
      daysLeft: Math.floor((Date.parse(row.expires) - now) / DAY_MS),
      firstSeenAt: row.first_seen,
      lastSeenAt: row.last_seen,
    }))
    .toSorted((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter));
}
