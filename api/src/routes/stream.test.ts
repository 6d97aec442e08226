import { afterAll, beforeAll, expect, test } from "vitest";
import { notice } from "../contract/stream.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

let tower: Tower;
let batch = 0;

beforeAll(async () => {
  tower = await startTower();
});

afterAll(() => tower.close());

interface Said {
  event: string;
  id: string;
  data: string;
}

/** Reads server-sent events until `isEnough`. */
async function listen(of: {
  key?: string;
  lastId?: string;
  isEnough: (said: Said[]) => boolean;
  onOpen?: () => Promise<void>;
}): Promise<Said[]> {
  const aborter = new AbortController();
  const headers: Record<string, string> = of.lastId === undefined ? {} : { "last-event-id": of.lastId };
  const response = await tower.request("/stream", { key: of.key, headers, signal: aborter.signal });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const said: Said[] = [];
  let text = "";
  for await (const chunk of (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    said.push(...blocks.map(parseBlock));
    if (said.some(({ event }) => event === "hello") && of.onOpen) {
      const { onOpen } = of;
      delete of.onOpen;
      await onOpen();
    }
    if (of.isEnough(said)) break;
  }
  aborter.abort();
  return said;
}

function parseBlock(block: string): Said {
  const field = (name: string) =>
    block
      .split("\n")
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? "";
  return { event: field("event"), id: field("id"), data: field("data") };
}

async function commit() {
  batch += 1;
  const now = new Date().toISOString();
  const counts = { events: 3, spans: 2, logs: 0, quarantined: 1 };
  await tower.insert("commits", [
    { log: "g1", batch, first_position: batch, last_position: batch, committed_at: now, ...counts },
  ]);
  const step = { projector: "legs", shard: 0, batch, body: "{}", now, recorded_at: now };
  await tower.insert("projection_steps", [
    { ...step, phase: "begin" },
    { ...step, phase: "commit" },
  ]);
}

const both = (said: Said[]) =>
  said.some(({ event }) => event === "accepted") && said.some(({ event }) => event === "evaluated");
const noticesOf = (said: Said[]) =>
  said.filter(({ event }) => event !== "hello").map(({ data }) => notice.parse(JSON.parse(data)));

test("tells of what was stored and evaluated, once each", async () => {
  const said = await listen({ onOpen: commit, isEnough: both });
  expect(noticesOf(said)).toMatchObject([
    { kind: "accepted", events: 3, spans: 2, quarantined: 1 },
    { kind: "evaluated", projector: "legs" },
  ]);
});

test("goes on from the last notice that a reader had", async () => {
  const first = await listen({ onOpen: commit, isEnough: both });
  const [, accepted, evaluated] = first;
  const again = await listen({
    lastId: accepted?.id ?? "",
    isEnough: (said) => said.some(({ event }) => event === "evaluated"),
  });
  expect(again.find(({ event }) => event === "evaluated")?.id).toBe(evaluated?.id);
});

test("says that notices were missed when it cannot tell them any more", async () => {
  const said = await listen({ lastId: "another-1", isEnough: (heard) => heard.length >= 2 });
  expect(said.map(({ event }) => event)).toEqual(["hello", "resync"]);
});

test("tells a scoped key that something changed, and not how much", async () => {
  const key = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  const said = await listen({ key, onOpen: commit, isEnough: both });
  expect(noticesOf(said)[0]).toMatchObject({ kind: "accepted", events: null, spans: null, quarantined: null });
});
