import { readFileSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { AppError } from "@throughline/schemas/error";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { formatPackIssue, type PackIssue, sortPackIssues } from "@throughline/schemas/pack/pack-issue";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { findSchemaIssues } from "@throughline/schemas/pack/schema-issues";
import { readYamlFile, type YamlFile } from "@throughline/schemas/pack/yaml-file";
import { readSecret } from "../../edge/config/read-secret.ts";
import { createDocumentMapper, type DocumentMapper } from "../../edge/map/document-mapper.ts";
import { selectMappings } from "../../edge/run/parse-unit.ts";
import { createVerify, type Verify } from "../../edge/sources/webhook-signature.ts";
import { PATIENT_FORMATS } from "../receive/document-request.ts";
import type { DocumentReading } from "../receive/take-documents.ts";
import { type HookConfig, hooksConfig } from "./hook-config.ts";

/** A webhook that the gateway takes. */
export interface Hook {
  config: HookConfig;
  verify: Verify;
  mapper: DocumentMapper;
  layout: DocumentReading["layout"];
}

/**
 * Reads the webhooks that are configured, with their secrets; paths are taken from the file's folder. Throws `invalid_configuration` with
 * everything that is wrong, and where.
 */
export function readHooks(
  file: string,
  { pack, patientFormats }: { pack: DocumentPack; patientFormats: readonly DocumentFormat[] },
): Hook[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new AppError("invalid_configuration", `There is no file ${file}.`);
  const read = readYamlFile({ path: basename(file), text: readFileSync(file, "utf8") });
  const issues = read.issues.length > 0 ? read.issues : findSchemaIssues(read, hooksConfig);
  const { hooks } = issues.length > 0 ? { hooks: [] } : hooksConfig.parse(read.value);
  issues.push(...findIssues(read, hooks, patientFormats));
  if (issues.length > 0)
    throw new AppError(
      "invalid_configuration",
      `The webhooks are wrong:\n${sortPackIssues(issues).map(formatPackIssue).join("\n")}`,
    );
  return hooks.map((config) => openHook(config, { pack, folder: dirname(resolve(file)) }));
}

function findIssues(
  file: YamlFile,
  hooks: readonly HookConfig[],
  patientFormats: readonly DocumentFormat[],
): PackIssue[] {
  return hooks.flatMap((hook, index) => {
    const isDoubled = hooks.slice(0, index).some((each) => each.interface === hook.interface);
    const isPersonal = PATIENT_FORMATS.has(hook.format) && !patientFormats.includes(hook.format);
    const at = (key: string, message: string) => file.issueAt(["hooks", index, key], message);
    return [
      ...(isDoubled ? [at("interface", `"${hook.interface}" is the name of another webhook too`)] : []),
      ...(isPersonal ? [at("format", "carries patient data, and THROUGHLINE_PATIENT_FORMATS does not name it")] : []),
    ];
  });
}

function openHook(config: HookConfig, { pack, folder }: { pack: DocumentPack; folder: string }): Hook {
  const mappings = selectMappings(pack, { ...config, id: config.interface });
  const secrets = readSecret(resolve(folder, config.secretFile)).split(/\s+/);
  return {
    config,
    verify: createVerify(config.signature, secrets),
    mapper: createDocumentMapper({ ...pack, mappings }, {}),
    layout: mappings[0] ?? {},
  };
}
