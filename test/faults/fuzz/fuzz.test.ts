import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { expect, test } from "vitest";
import { fuzzFormat } from "./fuzz-format.ts";

const RUNS = 40;

test.each(DOCUMENT_FORMATS)(
  "damaged documents of %s neither fail, hang, nor tell something else when they are cut elsewhere",
  { timeout: 120_000 },
  async (format) => {
    const { runs, finding } = await fuzzFormat({ format, seed: 7, goesOn: (done) => done < RUNS });

    expect({ runs, finding }).toEqual({ runs: RUNS, finding: "" });
  },
);
