export interface Oklch {
  lightness: number;
  chroma: number;
  hue: number;
  alpha: number;
}

const OKLCH = /^oklch\(\s*([\d.]+)(%?)\s+([\d.]+)\s+(-?[\d.]+|none)(?:deg)?\s*(?:\/\s*([\d.]+)(%?)\s*)?\)$/;

/** Reads `oklch(46% 0.018 228 / 0.5)`; undefined for anything else. */
export function parseOklch(text: string): Oklch | undefined {
  const match = OKLCH.exec(text.trim());
  if (match === null) return undefined;
  const [, lightness = "0", percent, chroma = "0", hue = "0", alpha = "1", alphaPercent] = match;
  return {
    lightness: Number(lightness) / (percent === "%" ? 100 : 1),
    chroma: Number(chroma),
    hue: hue === "none" ? 0 : Number(hue),
    alpha: Number(alpha) / (alphaPercent === "%" ? 100 : 1),
  };
}

/** Linear sRGB, each channel cut to what a screen can show. Matrices by Björn Ottosson, bottosson.github.io/posts/oklab. */
export function toLinearRgb(colour: Oklch): [number, number, number] {
  const angle = (colour.hue * Math.PI) / 180;
  const a = colour.chroma * Math.cos(angle);
  const b = colour.chroma * Math.sin(angle);
  const l = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (colour.lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** WCAG 2.2 contrast of two opaque colours, 1 to 21. */
export function contrastOf(first: Oklch, second: Oklch): number {
  const [darker = 0, lighter = 0] = [luminanceOf(first), luminanceOf(second)].toSorted((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

/** `rgba(…)`, for what cannot read OKLCH. */
export function toRgba(colour: Oklch): string {
  const [red, green, blue] = toLinearRgb(colour).map((channel) => Math.round(encode(channel) * 255));
  return `rgba(${red},${green},${blue},${colour.alpha})`;
}

function luminanceOf(colour: Oklch): number {
  const [red, green, blue] = toLinearRgb(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function encode(channel: number): number {
  return channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055;
}

function clamp(channel: number): number {
  return Math.min(1, Math.max(0, channel));
}
