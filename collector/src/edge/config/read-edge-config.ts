import { readFileSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { type PackIssue, formatPackIssue, sortPackIssues } from "@throughline/schemas/pack/pack-issue";
import { findSchemaIssues } from "@throughline/schemas/pack/schema-issues";
import { readYamlFile } from "@throughline/schemas/pack/yaml-file";
import { type EdgeConfig, edgeConfig } from "./edge-config.ts";
import { type EdgeSource, withPaths } from "./edge-source.ts";

/** Reads the configuration of an edge; its paths become absolute, from the file's folder. Throws with everything that is wrong, and where. */
export function readEdgeConfig(file: string): EdgeConfig {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new AppError("invalid_configuration", `There is no file ${file}.`);
  const result = parseEdgeConfig(basename(file), readFileSync(file, "utf8"));
  if (!result.ok)
    throw new AppError(
      "invalid_configuration",
      `The configuration is wrong:\n${result.issues.map(formatPackIssue).join("\n")}`,
      { issues: result.issues.map((issue) => ({ path: `${issue.line}:${issue.column}`, message: issue.message })) },
    );
  return toAbsolute(result.config, dirname(resolve(file)));
}

type EdgeConfigResult = { ok: true; config: EdgeConfig } | { ok: false; issues: PackIssue[] };

/** Parses the text of a configuration. Never throws. */
export function parseEdgeConfig(path: string, text: string): EdgeConfigResult {
  const file = readYamlFile({ path, text });
  const issues = file.issues.length > 0 ? file.issues : findSchemaIssues(file, edgeConfig);
  if (issues.length > 0) return { ok: false, issues: sortPackIssues(issues) };
  const config = edgeConfig.parse(file.value);
  const found = config.interfaces.flatMap(({ id, format, from }, index) => {
    const before = config.interfaces.slice(0, index);
    const doubled = before.some((each) => each.id === id)
      ? [file.issueAt(["interfaces", index, "id"], `"${id}" is the id of another interface too`)]
      : [];
    const shared =
      from.kind === "mllp" && before.some((each) => each.from.kind === "mllp" && each.from.port === from.port)
        ? [file.issueAt(["interfaces", index, "from", "port"], "another interface listens on this port")]
        : [];
    const unread =
      givesRows(from) && format !== "json"
        ? [
            file.issueAt(
              ["interfaces", index, "format"],
              "rows are JSON; name the body column where one holds documents",
            ),
          ]
        : [];
    return [...doubled, ...shared, ...unread];
  });
  return found.length > 0 ? { ok: false, issues: sortPackIssues(found) } : { ok: true, config };
}

function givesRows(from: EdgeSource): boolean {
  return (from.kind === "postgres" || from.kind === "postgres-replication") && from.body === undefined;
}

function toAbsolute(config: EdgeConfig, folder: string): EdgeConfig {
  const at = (path: string) => resolve(folder, path);
  return {
    ...config,
    gateway: { ...config.gateway, keyFile: at(config.gateway.keyFile) },
    pack: at(config.pack),
    spool: { ...config.spool, directory: at(config.spool.directory), keyFile: at(config.spool.keyFile) },
    ...(config.redaction !== undefined && {
      redaction: { ...config.redaction, keyFile: at(config.redaction.keyFile) },
    }),
    ...(config.wayBack !== undefined && {
      wayBack: { ...config.wayBack, publicKeyFile: at(config.wayBack.publicKeyFile) },
    }),
    ...(config.jobs !== undefined && { jobs: { directory: at(config.jobs.directory) } }),
    interfaces: config.interfaces.map((each) => ({
      ...each,
      from: withPaths(each.from, at),
      ...(each.raw?.policy === "travel" && { raw: { ...each.raw, recipientFile: at(each.raw.recipientFile) } }),
    })),
  };
}
