import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Oklch, contrastOf, parseOklch, toRgba } from "./oklch.ts";

const CSS = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const TOKEN = /--([\w-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\);/g;

function readTokens(theme: "light" | "dark"): Map<string, Oklch> {
  const tokens = new Map<string, Oklch>();
  for (const [, name = "", light = "", dark = ""] of CSS.matchAll(TOKEN)) {
    const colour = parseOklch(theme === "light" ? light : dark);
    if (colour === undefined) throw new Error(`${name} is not OKLCH`);
    tokens.set(name, colour);
  }
  return tokens;
}

const GROUNDS = ["ground", "surface", "raised", "sunken", "hover", "selected", "flash"];
const TEXT_PAIRS = [
  ...GROUNDS.flatMap((ground) =>
    ["text", "text-quiet", "accent", "red", "amber", "blue-grey"].map((text) => [text, ground]),
  ),
  ...["text", "text-quiet", "red"].map((text) => [text, "red-wash"]),
  ...["text", "text-quiet", "amber"].map((text) => [text, "amber-wash"]),
  ...["text", "text-quiet", "blue-grey"].map((text) => [text, "blue-grey-wash"]),
  ["accent-text", "accent"],
];
const SHAPES = ["mark", "red-fill", "focus", "accent", "series-1", "series-3", "series-6"];

describe.each(["light", "dark"] as const)("tokens, %s", (theme) => {
  const tokens = readTokens(theme);
  const get = (name: string | undefined): Oklch => {
    const colour = tokens.get(name ?? "");
    if (colour === undefined) throw new Error(`no token ${name}`);
    return colour;
  };

  it.each(TEXT_PAIRS)("shows %s on %s at 4.5:1 or more", (text, ground) => {
    expect(contrastOf(get(text), get(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(SHAPES)("shows the shape colour %s on ground and surface at 3:1 or more", (shape) => {
    for (const ground of ["ground", "surface"]) expect(contrastOf(get(shape), get(ground))).toBeGreaterThanOrEqual(3);
  });
});

describe("oklch", () => {
  it("converts white, black and a known red", () => {
    expect(toRgba({ lightness: 1, chroma: 0, hue: 0, alpha: 1 })).toBe("rgba(255,255,255,1)");
    expect(toRgba({ lightness: 0, chroma: 0, hue: 0, alpha: 0.5 })).toBe("rgba(0,0,0,0.5)");
    expect(toRgba({ lightness: 0.62796, chroma: 0.25768, hue: 29.234, alpha: 1 })).toBe("rgba(255,0,0,1)");
  });

  it("measures black on white at 21:1", () => {
    const white = { lightness: 1, chroma: 0, hue: 0, alpha: 1 };
    expect(contrastOf(white, { ...white, lightness: 0 })).toBeCloseTo(21, 3);
  });

  it("reads percentages, fractions, alpha and refuses the rest", () => {
    expect(parseOklch("oklch(0.46 0.018 228)")).toEqual(parseOklch("oklch(46% 0.018 228)"));
    expect(parseOklch("oklch(24% 0.02 230 / 0.16)")?.alpha).toBe(0.16);
    expect(parseOklch("#fff")).toBeUndefined();
  });
});
