import { afterEach, beforeEach, expect, test } from "vitest";
import { HEADER_BYTES, createSegment, toSegmentPath } from "./segment.ts";
import { openSegment } from "./segment-reader.ts";
import { SECRET, makeTestFolder } from "./spool.fixture.ts";

let folder: string;
let remove: () => void;

beforeEach(() => {
  ({ folder, remove } = makeTestFolder());
});
afterEach(() => remove());

async function begin(frames: readonly string[]) {
  const writer = await createSegment(folder, 0, SECRET);
  await writer.append(frames.map((text) => Buffer.from(text)));
  const reader = await openSegment(toSegmentPath(folder, 0), SECRET);
  if (reader === undefined) throw new Error("The segment has no header.");
  return { writer, reader };
}

test("frames of any size are read one after the other, also those that are larger than what is read ahead", async () => {
  const texts = ["a", "b".repeat(200_000), "", "c".repeat(65_500), "d"];
  const { writer, reader } = await begin(texts);
  let offsetBytes = HEADER_BYTES;
  for (const [number, text] of texts.entries()) {
    const frame = await reader.read({ offsetBytes, number });
    expect(frame?.plain.toString()).toBe(text);
    offsetBytes = frame?.nextBytes ?? 0;
  }
  expect(await reader.read({ offsetBytes, number: texts.length })).toBeUndefined();
  await writer.append([Buffer.from("later")]);
  expect((await reader.read({ offsetBytes, number: texts.length }))?.plain.toString()).toBe("later");
  await reader.close();
  await writer.close();
});

test("nothing is read behind the end that is given, and nothing of it is remembered", async () => {
  const { writer, reader } = await begin(["first"]);
  const endBytes = writer.sizeBytes();
  await writer.append([Buffer.from("taken back")]);
  const first = await reader.read({ offsetBytes: HEADER_BYTES, number: 0, endBytes });
  expect(first).toMatchObject({ nextBytes: endBytes });
  expect(await reader.read({ offsetBytes: endBytes, number: 1, endBytes })).toBeUndefined();
  await reader.close();
  await writer.close();
});
