import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toQuery } from "./client.ts";
import { decodePathPart, toJourneyHref, toPageHref } from "./links.ts";

describe("links", () => {
  it("lead from the API's lists to the pages that show them", () => {
    expect(toPageHref("/api/v1/legs?flow=procure-to-pay&verdict=BREACHED")).toBe(
      "/legs?flow=procure-to-pay&verdict=BREACHED",
    );
    expect(toPageHref("/api/v1/sources?state=silent")).toBe("/coverage?state=silent");
    expect(toPageHref("/api/v1/sources")).toBe("/coverage");
    expect(toPageHref("/api/v1/reconciliations/gr/items?to=2026-04-01T05%3A00%3A00Z&unit=EA")).toBe(
      "/reconciliations/gr/items?cutoff=2026-04-01T05%3A00%3A00Z&unit=EA",
    );
    expect(toPageHref("/api/v1/interfaces?finding=certificate")).toBe("/catalogue?finding=certificate");
  });

  it("carry every id unharmed, slashes and percent signs too", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (id) => {
        const [, , , part] = toJourneyHref({ type: "purchase_order_line", id }).split("/");
        expect(decodePathPart(part)).toBe(id);
      }),
    );
    expect(decodePathPart("%E0%A4%A")).toBe("%E0%A4%A");
  });

  it("say lists as repeated parameters and leave out what is empty", () => {
    expect(toQuery({ verdict: ["BREACHED", "AT_RISK"], q: "", site: undefined, limit: 5 })).toBe(
      "?verdict=BREACHED&verdict=AT_RISK&limit=5",
    );
    expect(toQuery({})).toBe("");
  });
});
