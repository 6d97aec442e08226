const COUNT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const MINUS = "−";

/** A whole number with thousands separators: `1,204`. */
export function formatCount(value: number): string {
  return COUNT.format(value).replace("-", MINUS);
}

/**
 * An exact decimal with thousands separators; the digits after the point stay as they came, since they carry meaning.
 * Works on text, so no digit is lost.
 */
export function formatDecimal(value: string): string {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(value) ?? [];
  if (whole === "") return value;
  return `${sign === "" ? "" : MINUS}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ",")}${fraction}`;
}

/**
 * An exact amount of money, with at least the decimals that its currency has: `1,250.00` dollars, `1,250` yen. A currency that
 * is no code leaves the digits as they came.
 */
export function formatMoney(value: string, currency: string): string {
  const decimals = countDecimals(currency);
  const [whole = "", fraction = ""] = formatDecimal(value).split(".");
  const padded = fraction.padEnd(decimals, "0");
  return padded === "" ? whole : `${whole}.${padded}`;
}

function countDecimals(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 0;
  return new Intl.NumberFormat("en-US", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 0;
}

/**
 * A share as a percentage with one decimal. It never reads 100 % when one is missing, nor 0 % when there is one;
 * undefined when there is nothing to take a share of.
 */
export function formatPercent(part: number, whole: number): string | undefined {
  if (whole <= 0) return undefined;
  if (part >= whole) return "100 %";
  if (part <= 0) return "0 %";
  const tenths = Math.floor((part / whole) * 1000);
  return tenths === 0 ? "< 0.1 %" : `${Math.floor(tenths / 10)}.${tenths % 10} %`;
}

const SIZES = ["B", "KB", "MB", "GB"];

/** A number of bytes in the unit that suits it, of 1,000 each: `12.4 KB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < SIZES.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? COUNT.format(value) : value.toFixed(1)} ${SIZES[unit] ?? "B"}`;
}

/** `1 leg`, `2 legs`, `0 legs`; give the plural where an s is not enough. */
export function formatNoun(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
