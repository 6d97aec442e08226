import type { Command } from "commander";
import type { Pack } from "@throughline/schemas/pack/flow";
import { formatPackIssue } from "@throughline/schemas/pack/pack-issue";
import { parsePack } from "@throughline/schemas/pack/parse-pack";
import { countOf, readPackDirectory } from "./pack-files.ts";

/** `throughline check [DIR]`: says what is wrong with a pack and where, or what it contains. Exit code 1 when wrong. */
export function addCheckCommand(program: Command): void {
  program
    .command("check")
    .description("validate a configuration pack")
    .argument("[directory]", "the directory of the pack", "config")
    .option("--json", "print the result as JSON", false)
    .action((directory: string, options: { json: boolean }) => {
      const { output, exitCode } = checkPack(directory, options);
      process.stdout.write(`${output}\n`);
      process.exitCode = exitCode;
    });
}

/** What the command prints and ends with. */
export function checkPack(directory: string, options: { json: boolean }): { output: string; exitCode: number } {
  const result = parsePack(readPackDirectory(directory));
  const exitCode = result.ok ? 0 : 1;
  if (options.json)
    return { output: JSON.stringify(result.ok ? { ok: true, ...toSummary(result.pack) } : result, null, 2), exitCode };
  if (result.ok) return { output: describePack(directory, result.pack), exitCode };
  const problems = `${directory} has ${countOf(result.issues.length, "problem")} and cannot be loaded.`;
  return { output: [...result.issues.map(formatPackIssue), problems].join("\n"), exitCode };
}

function toSummary(pack: Pack) {
  return {
    flows: [...pack.flows.values()].map((flow) => ({
      id: flow.id,
      title: flow.title,
      owner: flow.owner,
      criticality: flow.criticality,
      anchor: flow.anchor,
      milestones: Object.keys(flow.milestones),
      legs: flow.legs.map((leg) => leg.id),
      ruleVersion: pack.ruleVersions.get(flow.id),
    })),
    objectTypes: pack.objectTypes.map((entry) => entry.type),
    sources: pack.sources,
    interfaces: [...pack.interfaces.keys()],
  };
}

function describePack(directory: string, pack: Pack): string {
  const summary = toSummary(pack);
  const width = Math.max(...summary.flows.map((flow) => flow.id.length));
  const flows = summary.flows.map(
    (flow) =>
      `  ${flow.id.padEnd(width)}  ${countOf(flow.milestones.length, "milestone")}, ${countOf(flow.legs.length, "leg")}, ${flow.criticality}, ${flow.owner}, rules ${flow.ruleVersion}`,
  );
  return [
    `${directory} is valid: ${countOf(summary.flows.length, "flow")}, ${countOf(summary.objectTypes.length, "object type")}, ${countOf(summary.sources.length, "source rule")}, ${countOf(summary.interfaces.length, "interface")}.`,
    ...flows,
  ].join("\n");
}
