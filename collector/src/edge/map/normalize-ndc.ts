/** Digits of labeller, product and package of the four ways in which an NDC is written with hyphens. */
const SHAPES = /^(?:(\d{4})-(\d{4})-(\d{2})|(\d{5})-(\d{3})-(\d{2})|(\d{5})-(\d{4})-(\d{1})|(\d{5})-(\d{4})-(\d{2}))$/;

/**
 * The eleven digits of an NDC that is written with hyphens (4-4-2, 5-3-2, 5-4-1 or 5-4-2) or as eleven digits. Ten digits
 * without hyphens are ambiguous and stay as they are, as does everything that is no NDC: a crosswalk has to know them.
 */
export function normalizeNdc(text: string): string {
  const parts = SHAPES.exec(text.trim())
    ?.slice(1)
    .filter((part) => part !== undefined);
  if (parts === undefined) return text;
  const [labeller = "", product = "", item = ""] = parts;
  return labeller.padStart(5, "0") + product.padStart(4, "0") + item.padStart(2, "0");
}
