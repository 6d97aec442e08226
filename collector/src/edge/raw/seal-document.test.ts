import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEvent } from "@throughline/schemas/event-validator";
import { makeTestFolder } from "../spool/spool.fixture.ts";
import { createRawNaming } from "./raw-name.ts";
import { createOpen, createRecipientKeys, createSeal } from "./seal-document.ts";
import { findSealed, toSealedEvents } from "./sealed-events.ts";

const about = { pointer: "orders/0123", interfaceId: "orders", source: "/edge/orders", at: 1_790_000_000_000 };
let folder: string;
let remove: () => void;

beforeAll(() => {
  ({ folder, remove } = makeTestFolder());
});
afterAll(() => remove());

async function createPair(name: string) {
  const { privateText, publicText } = await createRecipientKeys();
  const path = join(folder, name);
  writeFileSync(path, privateText, { mode: 0o600 });
  writeFileSync(`${path}.pub`, publicText);
  return { seal: await createSeal(`${path}.pub`), open: await createOpen(path) };
}

describe("a document that travels sealed", () => {
  test("is opened by its recipient out of events in any order, byte for byte", async () => {
    const { seal, open } = await createPair("round-trip");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300_000, size: "max" }), async (bytes) => {
        const events = toSealedEvents(await seal(bytes, about.pointer), about);
        for (const event of events) expect(parseEvent(event)).toMatchObject({ ok: true });
        const [found] = findSealed([{ journey: { events: events.toReversed().map(({ data }) => data) } }]);
        expect(found && (await open(found, found.pointer)).equals(bytes)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  test("is opened by nobody else, under no other pointer, and not in parts", async () => {
    const { seal, open } = await createPair("own");
    const other = await createPair("other");
    const sealed = await seal(Buffer.alloc(300_000, 1), about.pointer);
    expect(sealed.parts).toHaveLength(3);
    await expect(other.open(sealed, about.pointer)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(open(sealed, "orders/4567")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(open({ ...sealed, parts: sealed.parts.slice(0, 2) }, about.pointer)).rejects.toThrow("not whole");
    await expect(open({ ...sealed, parts: sealed.parts.toReversed() }, about.pointer)).rejects.toThrow("not whole");
    const events = toSealedEvents(sealed, about);
    expect(() => findSealed(events.slice(1))).toThrow("it has 2 of 3 parts");
  });

  test("that was sealed by an earlier version can be opened", async () => {
    const key = join(folder, "earlier");
    writeFileSync(
      key,
      "throughline-recipient-private-1 KysrKysrKysrKysrKysrKysrKysrKysrKysrKysrKys= RcfgFQstarnyXIJXGUsUmMdCIhgTabXh/w2XqYUVmlM=\n",
      { mode: 0o600 },
    );
    const open = await createOpen(key);
    const encapsulated = Buffer.from("DyS54vM571FHwZ4BF7w8MQC3+1LZmc5vucgNvqDYVnA=", "base64");
    const parts = [Buffer.from("qqQVwalZ1EmpT63nBZMLbqEZLIUnHlw=", "base64")];
    expect((await open({ encapsulated, parts }, "orders/0123")).toString()).toBe("ISA*00*");
  });

  test("needs keys that are what they should be", async () => {
    const path = join(folder, "wrong.pub");
    writeFileSync(path, "ssh-ed25519 AAAA\n");
    await expect(createSeal(path)).rejects.toMatchObject({ code: "invalid_configuration" });
    await expect(createSeal(join(folder, "none.pub"))).rejects.toThrow("There is no file");
  });
});

describe("the hash of a document", () => {
  const digest = "ab".repeat(32);

  test("is the same each time at one site, and another one at another", () => {
    const name = createRawNaming(Buffer.alloc(32, 1));
    expect(name(digest)).toEqual(name(digest));
    expect(name(digest).hash).not.toBe(createRawNaming(Buffer.alloc(32, 2))(digest).hash);
  });
});
