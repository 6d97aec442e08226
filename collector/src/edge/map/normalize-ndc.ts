/** Labeller, product and package of an NDC that is written with hyphens; some systems pad the labeller to six signs. */
const HYPHENATED = /^0?(?<labeller>\d{4,5})-(?<product>\d{3,4})-(?<item>[\d*]?\d)$/;
const LABELLER_DIGITS = 5;
const PRODUCT_DIGITS = 4;

/**
 * The eleven digits of an NDC that is written with hyphens (4-4-2, 5-3-2, 5-4-1, 5-4-2, also with a labeller of six or a `*`
 * for the first digit of the package) or as eleven digits, also with a zero before them. Ten digits without hyphens are
 * ambiguous and stay as they are, as does everything that is no NDC: a crosswalk has to know them.
 */
export function normalizeNdc(text: string): string {
  const written = text.trim();
  if (/^0\d{11}$/.test(written)) return written.slice(1);
  const groups = HYPHENATED.exec(written)?.groups;
  if (groups === undefined) return text;
  const { labeller = "", product = "", item = "" } = groups;
  const digits = labeller.length + product.length + item.length;
  if (digits < 10 && !written.startsWith("0")) return text;
  return (
    labeller.padStart(LABELLER_DIGITS, "0") +
    product.padStart(PRODUCT_DIGITS, "0") +
    item.replace("*", "0").padStart(2, "0")
  );
}
