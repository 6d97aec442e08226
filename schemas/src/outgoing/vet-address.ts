import ipaddr from "ipaddr.js";
import { AppError } from "../error.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Addresses that an administrator lets outgoing requests reach although they are not public. */
export type AllowedAddresses = readonly [Address, number][];

export type AddressVerdict = { ok: true } | { ok: false; kind: string };

/** Providers answer with credentials at these, though the first one is a public address. */
const METADATA = new Set(["168.63.129.16", "169.254.169.254", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"]);

/** Everything in use on the public internet; what lies outside of it is mapped, translated, local or not assigned. */
const PUBLIC_IPV6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];

const KINDS: Readonly<Record<string, string>> = {
  carrierGradeNat: "shared by a carrier's customers",
  ipv4Mapped: "an IPv4 address inside of an IPv6 one",
  linkLocal: "link-local",
  rfc6052: "translated to IPv4",
  rfc6145: "translated to IPv4",
  "6to4": "tunnelled to IPv4",
  teredo: "tunnelled to IPv4",
  uniqueLocal: "private",
};

/**
 * Reads addresses and networks such as `10.20.0.0/16`, `192.168.4.7` or `fd12::/32`. Throws `invalid_configuration` and
 * names the first that is none.
 */
export function parseAllowedAddresses(entries: readonly string[]): AllowedAddresses {
  return entries.map((entry) => {
    if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
    const isPlain = ipaddr.IPv6.isValid(entry) || ipaddr.IPv4.isValidFourPartDecimal(entry);
    if (!isPlain)
      throw new AppError(
        "invalid_configuration",
        `"${entry}" is neither an address nor a network such as 10.20.0.0/16.`,
      );
    const address = ipaddr.parse(entry);
    return [address, address.toByteArray().length * 8];
  });
}

/**
 * Whether an outgoing request may connect to an address: only to public ones and to those that are allowed by name. An
 * allowed IPv4 network covers its addresses in mapped form too.
 */
export function vetAddress(text: string, allowed: AllowedAddresses): AddressVerdict {
  if (!ipaddr.isValid(text)) return { ok: false, kind: "not an address" };
  const address = ipaddr.parse(text);
  const plain = ipaddr.process(text);
  if (allowed.some((network) => isWithin(address, network) || isWithin(plain, network))) return { ok: true };
  const kind = findKind(address, plain);
  return kind === undefined ? { ok: true } : { ok: false, kind };
}

function findKind(address: Address, plain: Address): string | undefined {
  if (METADATA.has(plain.toString())) return "a cloud provider's metadata";
  const range = address.range();
  if (range !== "unicast") return KINDS[range] ?? range;
  return address instanceof ipaddr.IPv6 && !address.match(PUBLIC_IPV6) ? "not assigned" : undefined;
}

function isWithin(address: Address, [network, bits]: AllowedAddresses[number]): boolean {
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}
