import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllowedAddresses, vetAddress } from "./vet-address.ts";

const FORBIDDEN = [
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["10.1.2.3", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["169.254.7.7", "link-local"],
  ["169.254.169.254", "a cloud provider's metadata"],
  ["168.63.129.16", "a cloud provider's metadata"],
  ["100.100.100.200", "a cloud provider's metadata"],
  ["192.0.0.192", "a cloud provider's metadata"],
  ["fd00:ec2::254", "a cloud provider's metadata"],
  ["100.64.0.1", "shared by a carrier's customers"],
  ["100.127.255.255", "shared by a carrier's customers"],
  ["192.0.2.1", "reserved"],
  ["198.18.0.1", "reserved"],
  ["203.0.113.7", "reserved"],
  ["240.0.0.1", "reserved"],
  ["224.0.0.1", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["fc00::1", "private"],
  ["fd12:3456::1", "private"],
  ["fec0::1", "deprecatedSiteLocal"],
  ["ff02::1", "multicast"],
  ["2001:db8::1", "reserved"],
  ["::ffff:10.0.0.1", "an IPv4 address inside of an IPv6 one"],
  ["::ffff:8.8.8.8", "an IPv4 address inside of an IPv6 one"],
  ["::ffff:7f00:1", "an IPv4 address inside of an IPv6 one"],
  ["::ffff:169.254.169.254", "a cloud provider's metadata"],
  ["::7f00:1", "not assigned"],
  ["4000::1", "not assigned"],
  ["64:ff9b::7f00:1", "translated to IPv4"],
  ["64:ff9b:1::1", "translated to IPv4"],
  ["2002:7f00:1::", "tunnelled to IPv4"],
  ["2001::1", "tunnelled to IPv4"],
  ["localhost", "not an address"],
  ["", "not an address"],
] as const;

describe("without anything allowed", () => {
  test.each(FORBIDDEN)("%s is refused as %s", (address, kind) => {
    expect(vetAddress(address, [])).toEqual({ ok: false, kind });
  });

  test.each(["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::1"])(
    "%s is public",
    (address) => expect(vetAddress(address, [])).toEqual({ ok: true }),
  );
});

describe("an allowed network", () => {
  test("lets in its own addresses, mapped ones too, and no other", () => {
    const allowed = parseAllowedAddresses(["10.20.0.0/16", "127.0.0.1", "fd12::/32"]);
    for (const address of ["10.20.3.4", "::ffff:10.20.3.4", "127.0.0.1", "fd12::7"])
      expect([address, vetAddress(address, allowed).ok]).toEqual([address, true]);
    for (const address of ["10.21.0.1", "127.0.0.2", "fd13::7", "::1", "169.254.169.254"])
      expect([address, vetAddress(address, allowed).ok]).toEqual([address, false]);
  });

  test.each(["", "localhost", "10.20.0.0/33", "10.20", "0x7f.1", "10.20.0.0/", "*"])('"%s" is none', (entry) => {
    expect(() => parseAllowedAddresses([entry])).toThrow(`"${entry}" is neither an address nor a network`);
  });
});

test("no IPv4 address is let in by writing it as an IPv6 one", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const mapped = vetAddress(`::ffff:${address}`, []);
      expect(mapped.ok).toBe(false);
    }),
  );
});
