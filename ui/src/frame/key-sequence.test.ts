import { describe, expect, it } from "vitest";
import { type KeyState, followKey } from "./key-sequence.ts";

const IDLE: KeyState = { leaderAtMs: undefined };

function press(key: string, options: { atMs?: number; isTyping?: boolean; hasModifier?: boolean } = {}) {
  return { key, atMs: 0, isTyping: false, hasModifier: false, ...options };
}

describe("keys", () => {
  it("waits after g for the letter of a page", () => {
    const led = followKey(IDLE, press("g"));
    expect(led.binding).toBeUndefined();
    expect(followKey(led.state, press("b", { atMs: 300 })).binding).toBe("g b");
  });

  it("forgets g after a while", () => {
    const led = followKey(IDLE, press("g"));
    expect(followKey(led.state, press("b", { atMs: 5000 })).binding).toBe("b");
  });

  it("leaves letters to the field that has the focus, but lets it be left", () => {
    expect(followKey(IDLE, press("j", { isTyping: true })).binding).toBeUndefined();
    expect(followKey(IDLE, press("Escape", { isTyping: true })).binding).toBe("Escape");
    expect(followKey(IDLE, press("k", { isTyping: true, hasModifier: true })).binding).toBe("mod+k");
  });
});
