import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { matchPage } from "../contract/match.ts";
import { readPages } from "../rows.fixture.ts";
import { type Tower, startTower } from "../tower.fixture.ts";

const MINUTE = 60_000;
const FIRST = Date.UTC(2026, 2, 20);
const atOf = (batch: number) => new Date(FIRST + batch * MINUTE).toISOString();
let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => FIRST + 1000 * MINUTE });
}, 60_000);

afterAll(() => tower.close());

/** A result of one of a few slots; slots change their day, pass, differ again and are taken back. */
interface Version {
  slot: number;
  day: number;
  outcome: "matched" | "held" | "blocked";
  isRemoved: boolean;
}

const version = fc.record<Version>({
  slot: fc.nat(5),
  day: fc.nat(3),
  outcome: fc.constantFrom("matched", "held", "blocked"),
  isRemoved: fc.boolean(),
});
const CODES = { matched: [], held: ["NO_RECEIPT"], blocked: ["PRICE"] };

function toRow({ slot, day, outcome, isRemoved }: Version, { site, batch }: { site: string; batch: number }) {
  return {
    subject_type: "invoice",
    subject_id: `S/${slot}`,
    document: "D",
    kind: slot % 2 === 0 ? "invoice" : "line",
    outcome,
    codes: CODES[outcome],
    causes: JSON.stringify(CODES[outcome].map((code) => ({ code }))),
    detail: "{}",
    batch,
    entered_at: enteredOn(day),
    evaluated_at: atOf(batch),
    site,
    domain: "erp",
    is_removed: isRemoved ? 1 : 0,
  };
}

const enteredOn = (day: number) => new Date(Date.UTC(2026, 2, 10 + day, 12)).toISOString();

type Fits = (newest: Version, earlier: readonly Version[]) => boolean;
const isStanding = ({ outcome, isRemoved }: Version) => !isRemoved && outcome !== "matched";

/** What a list has to hold: the newest result of each slot, where it fits, the latest entered first. */
function evaluate(versions: readonly Version[], fits: Fits): string[] {
  return [...Map.groupBy(versions, ({ slot }) => slot).values()]
    .flatMap((own) => {
      const newest = own.at(-1);
      return newest && !newest.isRemoved && fits(newest, own.slice(0, -1)) ? [newest] : [];
    })
    .toSorted((a, b) => b.day - a.day || a.slot - b.slot)
    .map(({ slot, day, outcome }) => [`S/${slot}`, enteredOn(day), outcome].join(" "));
}

const LISTS: readonly (readonly [query: string, fits: Fits])[] = [
  ["", () => true],
  ["&outcome=blocked", ({ outcome }) => outcome === "blocked"],
  ["&kind=line&code=NO_RECEIPT", ({ slot, outcome }) => slot % 2 === 1 && outcome === "held"],
  [`&from=${enteredOn(1)}&to=${enteredOn(3)}`, ({ day }) => day === 1 || day === 2],
  ["&state=resolved", (newest, earlier) => !isStanding(newest) && earlier.some(isStanding)],
  ["&state=open", isStanding],
];

test("each page of each list is what a full evaluation of all results says, now and at every earlier moment", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(version, { minLength: 1, maxLength: 16 }), fc.nat(16), async (versions, shown) => {
      run += 1;
      const site = `site-${run}`;
      const rows = versions.map((one, index) => toRow(one, { site, batch: index + 1 }));
      await tower.insert("match_results", rows);
      const key = await tower.createKey({ scope: { sites: [site], domains: "*" } });
      for (const [query, fits] of LISTS) {
        const paths = [`asOf=${atOf(shown)}${query}`, ...(query === "&state=open" ? [] : [query.slice(1)])];
        for (const path of paths) {
          const pages = await readPages({
            tower,
            key,
            path: `/matches?limit=3&${path}`,
            parse: (body) => matchPage.parse(body),
          });
          const known = path.startsWith("asOf") ? versions.slice(0, shown) : versions;
          const found = pages.map(({ invoice, enteredAt, outcome }) => [invoice, enteredAt, outcome].join(" "));
          expect([path, found]).toEqual([path, evaluate(known, fits)]);
        }
      }
    }),
    { numRuns: 6, seed: 4 },
  );
}, 120_000);
