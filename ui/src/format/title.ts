const ABBREVIATIONS = /\b(edi|erp|id|ndc|gtin|api)\b/gi;

/** `purchase_order_line` as a reader would say it: `Purchase order line`; abbreviations in capitals. */
export function toTitle(word: string): string {
  const spaced = word.replaceAll(/[_-]+/g, " ").trim();
  const said = spaced.replaceAll(ABBREVIATIONS, (abbreviation) => abbreviation.toUpperCase());
  return said.charAt(0).toUpperCase() + said.slice(1);
}
