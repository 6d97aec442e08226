import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { logSource } from "../config/log-source.ts";
import { cutLines } from "./line-cutter.ts";
import { createSourceParts } from "./source.fixture.ts";
import type { RunningSource } from "./source.ts";
import { tailLog } from "./tail-log.ts";

const TIMEOUT = { timeout: 20_000, interval: 20 };
let own: ReturnType<typeof createSourceParts>;
let path: string;
let running: RunningSource | undefined;

beforeEach(() => {
  own = createSourceParts();
  path = join(own.folder, "app.log");
});
afterEach(async () => {
  await running?.stop();
  own.remove();
});

const start = (options: object = {}) => {
  running = tailLog(logSource.parse({ kind: "log", path, every: "PT0.02S", from: "start", ...options }), own.parts);
  return running;
};
const texts = () => own.taken.map(({ text }) => text.trimEnd());
const expectTexts = (expected: readonly string[]) => expect.poll(texts, TIMEOUT).toEqual(expected);

describe("a log that is watched", () => {
  test("is read line by line as it grows, equal lines told apart, and on from there after a restart", async () => {
    writeFileSync(path, "one\r\nsame\nsame\nunfin");
    const first = start();
    await expectTexts(["one", "same", "same"]);
    appendFileSync(path, "ished\n\n");
    await expectTexts(["one", "same", "same", "unfinished"]);
    expect(new Set(own.taken.map(({ identity }) => identity)).size).toBe(4);
    await first.stop();
    appendFileSync(path, "later\n");
    start();
    await expectTexts(["one", "same", "same", "unfinished", "later"]);
  });

  test("begins at its end where nothing else is said", async () => {
    writeFileSync(path, "old\n");
    const source = start({ from: "end" });
    await expect.poll(() => source.completeAt(), TIMEOUT).toBeGreaterThan(0);
    appendFileSync(path, "new\n");
    await expectTexts(["new"]);
  });

  test("is read to its end after it was renamed, what is not ended included, though that happened while nobody looked", async () => {
    writeFileSync(path, "one\n");
    const first = start();
    await expectTexts(["one"]);
    await first.stop();
    appendFileSync(path, "two\nthree");
    renameSync(path, `${path}.1`);
    writeFileSync(path, "four\n");
    start();
    await expectTexts(["one", "two", "three", "four"]);
  });

  test("is read from its beginning after it was copied and cut off", async () => {
    writeFileSync(path, "one is long\n");
    start();
    await expectTexts(["one is long"]);
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, "two\n");
    await expectTexts(["one is long", "two"]);
    expect(own.logged.join("")).toContain("cut off");
  });

  test("has the same ids when a line is read again because the disk failed", async () => {
    writeFileSync(path, "one\ntwo\n");
    own.state.failure = new Error("full");
    const source = start();
    await expect.poll(() => source.failure(), TIMEOUT).toBe("unknown");
    own.state.failure = undefined;
    await expectTexts(["one", "two"]);
    await expect.poll(() => source.failure(), TIMEOUT).toBeUndefined();
    expect(new Set(own.given)).toEqual(new Set(own.taken.map(({ identity }) => identity)));
  });

  test("that is not there is said, and read once it is", async () => {
    const source = start();
    await expect.poll(() => source.failure(), TIMEOUT).toBe("ENOENT");
    writeFileSync(path, "one\n");
    await expectTexts(["one"]);
    rmSync(path);
    await expect.poll(() => source.failure(), TIMEOUT).toBe("ENOENT");
  });

  test("gives the named groups of lines that fit, and leaves out what is too long", async () => {
    writeFileSync(path, `noise\n${"x".repeat(3_000_000)}\n10:00 order 4500012345 sent\n`);
    start({ pattern: String.raw`^(?<time>\S+) order (?<order>\d+) ` });
    await expectTexts(['{"time":"10:00","order":"4500012345"}']);
    expect(own.logged.join("")).toContain("too long");
  });
});

test.each(["(", "no groups", "(?<open>"])("the pattern %j is refused", (pattern) => {
  expect(logSource.safeParse({ kind: "log", path: "/x", pattern }).success).toBe(false);
});

test("lines are the same wherever the bytes are cut", () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r"), maxLength: 12 }), { maxLength: 8 });
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 9 }), (parts, maxBytes) => {
      const whole = Buffer.from(parts.join(""));
      const expected = whole
        .toString()
        .split("\n")
        .flatMap((line, index, all) => (index === all.length - 1 && line === "" ? [] : [line]))
        .filter((line) => line.length <= maxBytes)
        .map((line) => line.replace(/\r$/, ""));
      const found: string[] = [];
      let offset = 0;
      let isSkipping = false;
      for (let end = 0; end <= whole.length; end++) {
        const cut = cutLines(whole.subarray(offset, end), { isSkipping, isFinal: end === whole.length, maxBytes });
        for (const { line, from } of cut.lines) {
          expect(whole.subarray(offset + from, offset + from + line.length)).toEqual(line);
          found.push(line.toString());
        }
        offset += cut.used;
        ({ isSkipping } = cut);
      }
      expect(found).toEqual(expected);
    }),
  );
});
