/** Nothing that is allowed is longer: what is, is text. */
const MAX_VALUE = 512;
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;

/** What nobody writes but to name a person or reach one. Addresses of GS1 and HL7 name products, places and codes. */
const MAIL = /[\w.+-]{1,64}@[\w-]{1,64}\./;
const ADDRESS = /(?:https?:\/\/|www\.)(?!(?:id|ref|ns)\.gs1\.org\/|(?:terminology\.)?hl7\.org\/)/i;
/** Numbers of GS1 for who gives and who receives a service: they stand on the wristbands of patients. */
const SERVICE_RELATION = /urn:epc:(?:id|idpat):gsrnp?:|\/801[78]\//i;
const NUMBERS = [
  /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/,
  /(?<![\d-])(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\d-])/,
  new RegExp(String.raw`(?<![\d.])(?:${OCTET}\.){3}${OCTET}(?![\d.])`),
  /(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![0-9a-f:])/i,
];
/** The shortest of these shapes: an e-mail address of one letter at a host. */
const MIN_VALUE = 4;
const HINT = /@|www\.|:\/\/|\d[ .)-]|:.*:/i;
const PLAIN_DATE = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Whether a text is longer than any identifier, or holds something in the shape of an e-mail, social security, telephone or network address. The last defence
 * behind the allow-lists: what stands where an order number should is not looked at by any list.
 */
export function hasPersonalShape(text: string): boolean {
  if (text.length < MIN_VALUE) return false;
  if (text.length > MAX_VALUE) return true;
  if (!HINT.test(text) || PLAIN_DATE.test(text)) return false;
  if (text.includes("@") && MAIL.test(text)) return true;
  if (SERVICE_RELATION.test(text)) return true;
  return ADDRESS.test(text) || NUMBERS.some((shape) => shape.test(text));
}
