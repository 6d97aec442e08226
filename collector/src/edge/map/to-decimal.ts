const PLAIN = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** The decimal that a number of a document is, without a plus, leading zeros or white space; a sign may also stand behind. */
export function toDecimal(text: string): string | undefined {
  if (PLAIN.test(text)) return text;
  const groups = /^\s*(?<sign>[+-]?)0*(?<whole>\d*)(?:\.(?<part>\d*))?(?<behind>-?)\s*$/.exec(text)?.groups;
  if (groups === undefined || !/\d/.test(text)) return undefined;
  const { sign, whole, part, behind } = groups;
  const digits = `${whole === "" ? "0" : whole}${part ? `.${part}` : ""}`;
  return (sign === "-" || behind === "-") && /[1-9]/.test(digits) ? `-${digits}` : digits;
}
