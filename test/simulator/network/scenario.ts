import { AppError } from "@throughline/schemas/error";
import { duration } from "@throughline/schemas/pack/flow-words";
import { formatPackIssue, type PackFile } from "@throughline/schemas/pack/pack-issue";
import { findSchemaIssues } from "@throughline/schemas/pack/schema-issues";
import { readYamlFile } from "@throughline/schemas/pack/yaml-file";
import { z } from "zod";
import { INCIDENT_KINDS } from "../incidents.ts";

const when = {
  after: duration.meta({ description: "Since the beginning of the trade." }),
  lasts: duration,
};
const share = z.number().gt(0).max(1);

/** Kinds that strike a share of what happens while they last. */
export const SHARED_KINDS = [
  "lost",
  "late",
  "doubled",
  "out-of-order",
  "wrong-unit",
  "price-change",
  "over-quantity",
  "double-entry",
  "corrupted",
  "missing-receipt",
  "wrong-item",
  "wrong-vendor",
] as const;

const fault = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.enum(SHARED_KINDS),
    ...when,
    share: share.meta({ description: "Of the steps that it can strike." }),
  }),
  z.strictObject({
    kind: z.enum(INCIDENT_KINDS),
    ...when,
    of: z.string().min(1).max(512).meta({
      description:
        "A source, such as /edi/MERIDIAN; of closed-early a company, of expired-certificate a supplier, of job-not-run a job, of theft site/location.",
    }),
  }),
  z.strictObject({
    kind: z.literal("malformed"),
    ...when,
    everyDays: z.number().min(0.05).max(100).meta({ description: "Mean days between two of them." }),
  }),
]);

const scenario = z
  .strictObject({
    title: z.string().min(1).max(200),
    network: z.strictObject({
      hospitals: z.int().min(1).max(50),
      suppliers: z.int().min(1).max(50),
      items: z.int().min(5).max(5000),
      pace: z.number().gt(0).max(10).default(1).meta({ description: "How lively the trade is; 1 is usual." }),
    }),
    faults: fault.array().max(200),
  })
  .meta({ id: "Scenario", description: "A network of hospitals and suppliers, and what goes wrong in it, and when." });

export type Scenario = z.infer<typeof scenario>;
export type ScenarioFault = Scenario["faults"][number];

/** Reads a scenario. Throws `invalid_configuration` that names all that is wrong, each with its line and column. */
export function parseScenario(file: PackFile): Scenario {
  const read = readYamlFile(file);
  const issues = read.issues.length > 0 ? read.issues : findSchemaIssues(read, scenario);
  if (issues.length > 0)
    throw new AppError(
      "invalid_configuration",
      `The scenario cannot be played:\n${issues.map(formatPackIssue).join("\n")}`,
    );
  return scenario.parse(read.value);
}
