import { afterAll, beforeAll, expect, test } from "vitest";
import {
  decidedTranslations,
  importPreview,
  translation,
  translationDetail,
  translationImport,
  translationPage,
} from "../contract/crosswalk.ts";
import { mappingWaitPage } from "../contract/edge.ts";
import { problem } from "../contract/problem.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

let tower: Tower;
let ada: string;
let bo: string;
let north: string;
let viewer: string;

beforeAll(async () => {
  tower = await startTower();
  ada = await tower.createKey({ name: "Ada", roles: ["operator"] });
  bo = await tower.createKey({ name: "Bo", roles: ["operator"] });
  viewer = await tower.createKey({ roles: ["viewer"] });
  north = await tower.createKey({ roles: ["operator"], scope: { sites: ["NORTH"], domains: ["pharmacy"] } });
});

afterAll(() => tower.close());

const post = (path: string, body: object | string, key = ada) =>
  tower.request(path, {
    key,
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": typeof body === "string" ? "text/csv" : "application/json" },
  });

const NOON = "2026-03-02T12:00:00Z";
const NEW = { crosswalk: "item", kind: "item", from: "0093-4155-73", to: "00093415573", reason: "Label of the vial" };

async function propose(change: object = {}, key = ada) {
  const answer = await post("/crosswalks", { ...NEW, ...change }, key);
  expect(answer.status).toBe(201);
  return translation.parse(await answer.json());
}

const decide = (verb: string, of: readonly { id: string; revision: number }[], key = bo) => {
  const translations = of.map(({ id, revision }) => ({ id, revision }));
  return post("/crosswalks/decisions", { verb, translations, note: "Seen" }, key);
};

async function approve(of: readonly { id: string; revision: number }[]) {
  const answer = await decide("approve", of);
  expect(answer.status).toBe(200);
  return decidedTranslations.parse(await answer.json()).items;
}

async function refusal(answer: Response) {
  const { status, code, errors } = problem.parse(await answer.json());
  return { status, code, errors: errors.map(({ path, message }) => `${path} ${message}`) };
}

const list = async (query: string, key = viewer) =>
  translationPage.parse(await tower.get(`/crosswalks?${query}`, key)).items;

test("a translation stands once another person has approved it, and its history names both", async () => {
  const asked = await propose({ from: "A1" });
  expect(asked).toMatchObject({ state: "proposed", revision: 1, proposedBy: { name: "Ada" }, decidedBy: null });
  expect(await refusal(await decide("approve", [asked], ada))).toMatchObject({
    status: 403,
    code: "second_person_required",
  });
  expect((await decide("approve", [asked], viewer)).status).toBe(403);
  const [approved] = await approve([asked]);
  expect(approved).toMatchObject({ state: "approved", revision: 2, decidedBy: { name: "Bo" }, note: "Seen" });
  expect(await refusal(await decide("reject", [asked]))).toMatchObject({
    code: "conflict",
    errors: [expect.stringMatching(/^\/body\/translations\/0 is approved since .*, by Bo$/)],
  });
  const detail = translationDetail.parse(await tower.get(`/crosswalks/${asked.id}`, viewer));
  expect(detail.revisions.map(({ state, changedBy }) => `${state} ${changedBy.name}`)).toEqual([
    "proposed Ada",
    "approved Bo",
  ]);
  const audit = await tower.writer.query({
    query: `SELECT actor, action FROM audit_log WHERE target = '${asked.id}' ORDER BY at`,
    format: "JSONEachRow",
  });
  expect(await audit.json()).toMatchObject([{ action: "crosswalk.propose" }, { action: "crosswalk.approve" }]);
});

test("what stands in the way of another is refused with its place, before and after it was proposed", async () => {
  const first = await propose({ from: "B1", effectiveTo: "2026-03-31" });
  const second = await propose({ from: "B1", to: "other", effectiveFrom: "2026-03-31" });
  await approve([first]);
  expect(await refusal(await post("/crosswalks", { ...NEW, from: "B1", to: "third" }))).toEqual({
    status: 400,
    code: "invalid_request",
    errors: ['/body/from "B1" has another translation on every day'],
  });
  expect(await refusal(await decide("approve", [second]))).toEqual({
    status: 409,
    code: "conflict",
    errors: ['/body/translations/0/from "B1" has another translation on 2026-03-31'],
  });
  const both = { from: "B2", toSystem: "gtin", to: "00300934155738", reversible: true };
  await approve([await propose(both)]);
  expect(await refusal(await post("/crosswalks", { ...NEW, ...both, from: "B3" }))).toMatchObject({
    errors: ['/body/to "00300934155738" would lead back to two values on every day'],
  });
});

test("a translation takes the place of another when it is approved", async () => {
  const [old] = await approve([await propose({ from: "C1", to: "wrong" })]);
  const better = await propose({ from: "C1", to: "right", replaces: old?.id });
  expect(await list("from=C1&state=approved")).toMatchObject([{ to: "wrong" }]);
  await approve([better]);
  expect(await list("from=C1&state=approved")).toMatchObject([{ to: "right" }]);
  expect(await list("from=C1&state=replaced")).toMatchObject([{ to: "wrong", changedBy: { name: "Bo" } }]);
});

test("lists filter by day, text and state, page by page, and leave as CSV", async () => {
  await propose({ from: "D1", to: "=cmd()", effectiveFrom: "2026-02-01", effectiveTo: "2026-02-28" });
  expect(await list("from=D1&on=2026-02-28")).toHaveLength(1);
  expect(await list("from=D1&on=2026-03-01")).toEqual([]);
  expect(await list("q=CMD&state=proposed")).toHaveLength(1);
  const first = translationPage.parse(await tower.get("/crosswalks?limit=1", viewer));
  const next = translationPage.parse(await tower.get(`/crosswalks?limit=1&cursor=${first.nextCursor}`, viewer));
  expect(next.items[0]?.id).not.toBe(first.items[0]?.id);
  const csv = await tower.request("/crosswalks?from=D1&format=csv", { key: viewer });
  expect(await csv.text()).toContain(",D1,,'=cmd(),false,");
});

test("who sees a site and a domain only proposes, sees and decides there", async () => {
  expect((await post("/crosswalks", { ...NEW, from: "E1" }, north)).status).toBe(403);
  const own = await propose({ from: "E1", site: "NORTH", domain: "pharmacy" }, north);
  const other = await propose({ from: "E1", site: "SOUTH", domain: "pharmacy" });
  expect((await list("from=E1", north)).map(({ id }) => id)).toEqual([own.id]);
  expect((await decide("reject", [other], north)).status).toBe(404);
  // A translation of one site does not stand in the way of another's.
  await approve([own, other]);
});

test("an import proposes every row or none, says what is wrong by line, and is decided about as a whole", async () => {
  const head = "crosswalk,from_system,from,to_system,to,reversible,effective_from,effective_to";
  const csv = (...rows: string[]) => `\uFEFF${[head, ...rows].join("\r\n")}\r\n`;
  const send = (body: string, query = "reason=Load") => post(`/crosswalks/import?${query}`, body);
  const wrong = csv(
    "item,ndc10,F1,ndc11,1,no,,",
    "item,ndc10,F1,ndc11,2,no,2026-02-30x,",
    "item,NDC 10,,ndc11,3,maybe,,",
    "item,F4",
  );
  expect(await refusal(await send(wrong))).toEqual({
    status: 400,
    code: "invalid_request",
    errors: [
      '/line/3/effective_from must be a day such as "2026-03-01"',
      "/line/4/from_system must be a lower-case name such as ndc11",
      expect.stringContaining("/line/4/from "),
      expect.stringContaining("/line/4/reversible "),
      "/line/5 has 2 cells instead of 8",
    ],
  });
  const doubled = csv("item,,F1,,1,,,", 'item,,"F,2",,2,,,', "item,,F1,,3,,,");
  expect(await refusal(await send(doubled))).toMatchObject({
    errors: ['/line/4/from "F1" has another translation on every day'],
  });
  expect(await refusal(await send("from,tp\r\na,b\r\n"))).toMatchObject({
    errors: [
      expect.stringMatching(/^\/line\/1 names the column "tp"; there are crosswalk, /),
      "/line/1 lacks the column crosswalk",
      "/line/1 lacks the column to",
    ],
  });
  const good = csv(...Array.from({ length: 3000 }, (_, at) => `item,ndc10,G${at},ndc11,${at},yes,2026-01-01,`));
  const dry = translationImport.parse(await (await send(good, "reason=Load&dryRun=true")).json());
  expect(dry).toEqual({ importId: "", proposed: 3000, leftOut: 0 });
  expect(await list("from=G7")).toEqual([]);
  const made = translationImport.parse(await (await send(good)).json());
  expect(made.proposed).toBe(3000);
  const asked = { verb: "approve", importId: made.importId };
  expect((await post("/crosswalks/decisions", asked, ada)).status).toBe(403);
  const decided = decidedTranslations.parse(await (await post("/crosswalks/decisions", asked, bo)).json());
  expect(decided).toMatchObject({ changed: 3000 });
  expect(decided.items).toHaveLength(1000);
  expect(await list("from=G7")).toMatchObject([{ state: "approved", reversible: true, effectiveFrom: "2026-01-01" }]);
  expect((await post("/crosswalks/decisions", asked, bo)).status).toBe(404);
});

test("a file is looked at before it is proposed, and what is refused of it can be left out", async () => {
  const csv =
    "crosswalk,from,to,site\nitem,P1,1,NORTH\nitem,P1,2,NORTH\nitem,P2,,NORTH\nitem,P3,3,SOUTH\nitem,P4,4,NORTH\n";
  const look = async (body: string, key = ada) =>
    importPreview.parse(await (await post("/crosswalks/import/preview?reason=Load", body, key)).json());
  const { rows, refused, items } = await look(csv);
  expect({ rows, refused }).toEqual({ rows: 5, refused: 2 });
  expect(items.map(({ line, issues }) => [line, issues.map(({ column }) => column).join(" ")])).toEqual([
    [3, "from"],
    [4, "to"],
    [2, ""],
    [5, ""],
    [6, ""],
  ]);
  expect(items[0]?.cells).toEqual({ crosswalk: "item", from: "P1", to: "2", site: "NORTH" });
  const scoped = await look(
    "crosswalk,from,to,site,domain\nitem,P5,5,SOUTH,pharmacy\nitem,P6,6,NORTH,pharmacy\n",
    north,
  );
  expect(scoped.items[0]).toMatchObject({ line: 2, issues: [{ column: "site" }] });
  expect(await list("from=P4")).toEqual([]);
  expect((await post("/crosswalks/import/preview?reason=Load", csv, viewer)).status).toBe(403);
  expect((await post("/crosswalks/import/preview?reason=Load", "from,tp\na,b\n")).status).toBe(400);
  const left = await post("/crosswalks/import?reason=Load&refused=leave_out", csv);
  expect(translationImport.parse(await left.json())).toMatchObject({ proposed: 3, leftOut: 2 });
  expect((await list("q=P1&state=proposed")).map(({ to }) => to)).toEqual(["1"]);
  const none = await post("/crosswalks/import?reason=Load&refused=leave_out", "crosswalk,from,to\nitem,P2,\n");
  expect(await refusal(none)).toMatchObject({ status: 400, errors: ["/line/2/to must not be empty"] });
});

test("what edges said last waits, with the flows that it touches and what was proposed of it", async () => {
  const wait = { source: "/edge/edi", crosswalk: "item", value: "W1", interface: "edi", kind: "item", since: NOON };
  const types = ["procurement.purchase_order.issued"];
  const at = (minute: number) => Date.parse(NOON) + minute * 60_000;
  const atNorth = { ...wait, site: "NORTH", domain: "procurement", types };
  await tower.insert("mapping_waits", [
    { ...atNorth, at: at(1), documents: 2 },
    { ...atNorth, at: at(2), documents: 5 },
    { ...atNorth, at: at(3), value: "W2", documents: 1 },
    { ...atNorth, at: at(4), value: "W2", documents: 0 },
    { ...atNorth, at: at(5), value: "W3", site: "SOUTH", documents: 7 },
  ]);
  await propose({ from: "W1" });
  const waits = async (query: string, key = viewer) =>
    mappingWaitPage.parse(await tower.get(`/mapping-waits?${query}`, key));
  const first = await waits("limit=1");
  expect(first.items).toMatchObject([{ value: "W3", documents: 7 }]);
  const { items } = await waits(`limit=1&cursor=${first.nextCursor}`);
  expect(items).toMatchObject([
    { value: "W1", documents: 5, proposals: 1, flows: [{ flow: "order", title: "Order to receipt" }] },
  ]);
  const own = await tower.createKey({ scope: { sites: ["NORTH"], domains: ["procurement"] } });
  expect((await waits("", own)).items.map(({ value }) => value)).toEqual(["W1"]);
  expect((await waits("q=w3")).items.map(({ value }) => value)).toEqual(["W3"]);
});

test("of two decisions at once one stands", async () => {
  const asked = await propose({ from: "H1" });
  const answers = await Promise.all([decide("approve", [asked]), decide("reject", [asked])]);
  expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(["200", "409"]);
});
