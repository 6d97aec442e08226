import { z } from "zod";
import { calendar } from "../calendar/calendar.ts";
import { checkDocumentFiles } from "./check-documents.ts";
import { checkLegs } from "./check-flow.ts";
import { checkLinks } from "./check-links.ts";
import { checkSlos } from "./check-slos.ts";
import { checkInterfaces } from "./check-interfaces.ts";
import { checkCalendarIds, checkObjectTypes, checkSources } from "./check-lists.ts";
import { expandLegs } from "./expand-legs.ts";
import { type FlowDraft, toFlowDraft } from "./flow-draft.ts";
import { flow, objectTypeDefinition, type Pack, sourceRule } from "./flow.ts";
import { importMapping } from "./import-mapping.ts";
import { checkImportMapping } from "./check-mapping.ts";
import { interfaceDefinition } from "./interface.ts";
import { type PackFile, type PackIssue, sortPackIssues } from "./pack-issue.ts";
import { findSchemaIssues } from "./schema-issues.ts";
import { type MatchingFiles, checkMatchingFiles, toMatchingPack } from "./matching-files.ts";
import { type FileKind, findMisplaced, kindOf } from "./pack-kinds.ts";
import { toRuleVersion } from "./rule-version.ts";
import { slo } from "./slo.ts";
import { checkReconciliations } from "./check-reconciliations.ts";
import { type Reconciliations, reconciliationsFile } from "./reconciliation.ts";
import { readYamlFile, type YamlFile } from "./yaml-file.ts";

export type PackResult = { ok: true; pack: Pack } | { ok: false; issues: PackIssue[] };

/** Limits of a whole pack. Issues beyond the limit are counted, not listed. */
export const PACK_LIMITS = { files: 500, characters: 10_000_000, issues: 500 };

const objectsFile = z.strictObject({ objects: objectTypeDefinition.array().min(1) });
const calendarsFile = z.strictObject({ calendars: calendar.array() });
const slosFile = z.strictObject({ slos: slo.array().max(200) });
const interfacesFile = z.strictObject({ interfaces: interfaceDefinition.array() });
const sourcesFile = z.strictObject({ sources: sourceRule.array() });

interface FlowFile {
  file: YamlFile;
  draft: FlowDraft;
}

/**
 * Reads a whole pack. `objects.yaml` declares the object types, `sources.yaml` (optional) the source rules,
 * `calendars.yaml` (optional) the calendars, `slos.yaml` (optional) the service level objectives, `interfaces.yaml` (optional)
 * the interface catalogue, `reconciliations.yaml` (optional) what is held against what, each file in `flows/` one flow, each in `mappings/` one import mapping, each in `documents/` the
 * mapping of a native document, each in `crosswalks/` a table of codes. All that is wrong is reported at once, in the order of
 * the files; a pack with any issue is not loaded at all.
 */
export function parsePack(files: readonly PackFile[]): PackResult {
  const oversize = findOversize(files);
  if (oversize.length > 0) return { ok: false, issues: oversize };
  const read = new Map(files.map((file) => [file, readYamlFile(file)]));
  const ofKind = (kind: FileKind) =>
    files.filter((file) => kindOf(file.path) === kind).flatMap((file) => read.get(file) ?? []);
  const kinds = {
    flows: ofKind("flow").map((file) => ({ file, draft: toFlowDraft(file.value) })),
    objects: ofKind("objects"),
    sources: ofKind("sources"),
    calendars: ofKind("calendars"),
    slos: ofKind("slos"),
    interfaces: ofKind("interfaces"),
    matching: { tolerances: ofKind("tolerances"), units: ofKind("units"), routing: ofKind("match-routing") },
    reconciliations: ofKind("reconciliations"),
  };
  const { flows, objects, sources, calendars, slos, interfaces, matching, reconciliations } = kinds;
  const mappings = ofKind("mapping");
  const documents = ofKind("document");
  const crosswalks = ofKind("crosswalk");
  const objectTypes = objects.flatMap((file) => listDeclaredTypes(file.value));
  const calendarIds = calendars.flatMap((file) => listCalendarIds(file.value));
  const issues = [
    ...[...read.values()].flatMap((file) => file.issues),
    ...findMisplaced(files),
    ...objects.filter(isReadable).flatMap((file) => findSchemaIssues(file, objectsFile).concat(checkObjectTypes(file))),
    ...sources
      .filter(isReadable)
      .flatMap((file) => findSchemaIssues(file, sourcesFile).concat(checkSources(file, calendarIds))),
    ...calendars
      .filter(isReadable)
      .flatMap((file) => findSchemaIssues(file, calendarsFile).concat(checkCalendarIds(file))),
    ...interfaces
      .filter(isReadable)
      .flatMap((file) => findSchemaIssues(file, interfacesFile).concat(checkInterfaces(file, calendarIds))),
    ...flows.filter(({ file }) => isReadable(file)).flatMap((entry) => checkFlow(entry, { objectTypes, calendarIds })),
    ...slos
      .filter(isReadable)
      .flatMap((file) =>
        findSchemaIssues(file, slosFile).concat(
          checkSlos(file, { flows: flows.map(({ draft }) => draft), calendarIds }),
        ),
      ),
    ...checkMatchingFiles(matching),
    ...reconciliations
      .filter(isReadable)
      .flatMap((file) =>
        findSchemaIssues(file, reconciliationsFile).concat(checkReconciliations(file, { objectTypes, calendarIds })),
      ),
    ...mappings.filter(isReadable).flatMap((file) => checkMapping(file, objectTypes)),
    ...checkDocumentFiles({ documents, crosswalks, objectTypes }),
    ...checkFlowIds(flows),
  ];
  if (issues.length > 0) return { ok: false, issues: limitIssues(sortPackIssues(issues)) };
  return {
    ok: true,
    pack: toPack(kinds),
  };
}

function isReadable(file: YamlFile): boolean {
  return file.issues.length === 0;
}

function checkFlow(
  { file, draft }: FlowFile,
  { objectTypes: types, calendarIds }: { objectTypes: readonly string[]; calendarIds: readonly string[] },
): PackIssue[] {
  // Without any readable declaration every type would be reported, and hide what is wrong.
  const linkIssues = types.length === 0 ? [] : checkLinks(file, draft, types);
  return [...findSchemaIssues(file, flow), ...checkLegs(file, draft, calendarIds), ...linkIssues];
}

function checkMapping(file: YamlFile, types: readonly string[]): PackIssue[] {
  return [...findSchemaIssues(file, importMapping), ...checkImportMapping(file, types)];
}

const declaredTypes = z.object({ objects: z.object({ type: z.string() }).nullable().catch(null).array() });

function listDeclaredTypes(value: unknown): string[] {
  const parsed = declaredTypes.safeParse(value);
  return parsed.success ? parsed.data.objects.flatMap((entry) => entry?.type ?? []) : [];
}

const declaredCalendars = z.object({ calendars: z.object({ id: z.string() }).nullable().catch(null).array() });

function listCalendarIds(value: unknown): string[] {
  const parsed = declaredCalendars.safeParse(value);
  return parsed.success ? parsed.data.calendars.flatMap((entry) => entry?.id ?? []) : [];
}

function checkFlowIds(flows: readonly FlowFile[]): PackIssue[] {
  const first = new Map<string, string>();
  return flows.flatMap(({ file, draft }) => {
    if (draft.id === undefined) return [];
    const other = first.get(draft.id);
    if (other !== undefined) return [file.issueAt(["id"], `the flow "${draft.id}" is already described in ${other}`)];
    first.set(draft.id, file.path);
    return [];
  });
}

function findOversize(files: readonly PackFile[]): PackIssue[] {
  const first = files[0];
  if (first === undefined) return [];
  const characters = files.reduce((sum, file) => sum + file.text.length, 0);
  const at = { file: first.path, line: 1, column: 1, path: "" };
  if (files.length > PACK_LIMITS.files)
    return [{ ...at, message: `the pack has more than ${PACK_LIMITS.files} files` }];
  if (characters > PACK_LIMITS.characters)
    return [{ ...at, message: `the pack has more than ${PACK_LIMITS.characters} characters` }];
  return [];
}

function limitIssues(issues: PackIssue[]): PackIssue[] {
  const rest = issues.length - PACK_LIMITS.issues;
  const last = issues[PACK_LIMITS.issues - 1];
  if (rest <= 0 || last === undefined) return issues;
  return [...issues.slice(0, PACK_LIMITS.issues), { ...last, path: "", message: `${rest} more problems follow` }];
}

function toPack({
  flows,
  objects,
  sources,
  calendars,
  slos,
  interfaces,
  matching,
  reconciliations,
}: {
  flows: readonly FlowFile[];
  objects: readonly YamlFile[];
  sources: readonly YamlFile[];
  calendars: readonly YamlFile[];
  slos: readonly YamlFile[];
  interfaces: readonly YamlFile[];
  matching: MatchingFiles;
  reconciliations: readonly YamlFile[];
}): Pack {
  const calendarList = calendars.flatMap(({ value }) => calendarsFile.parse(value).calendars);
  const interfaceList = interfaces.flatMap(({ value }) => interfacesFile.parse(value).interfaces);
  const parsed = flows.map(({ file }) => expandLegs(flow.parse(file.value))).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    flows: new Map(parsed.map((entry) => [entry.id, entry])),
    ruleVersions: new Map(parsed.map((entry) => [entry.id, toRuleVersion(entry)])),
    objectTypes: objects.flatMap(({ value }) => objectsFile.parse(value).objects),
    sources: sources.flatMap(({ value }) => sourcesFile.parse(value).sources),
    calendars: new Map(calendarList.map((entry) => [entry.id, entry])),
    slos: slos.flatMap(({ value }) => slosFile.parse(value).slos),
    interfaces: new Map(interfaceList.map((entry) => [entry.id, entry])),
    ...toMatchingPack(matching),
    ...toReconciliations(reconciliations),
  };
}

function toReconciliations([file]: readonly YamlFile[]): { reconciliations?: Reconciliations } {
  if (file === undefined) return {};
  const written = reconciliationsFile.parse(file.value);
  const { zone, sites, calendar: fiscal } = written.books;
  const books = { zone, sites, calendar: fiscal };
  const versions = new Map(
    // Who has to agree decides about no figure.
    written.reconciliations.map((entry) => [
      entry.id,
      toRuleVersion({ books, entry: { ...entry, secondPersonAbove: undefined } }),
    ]),
  );
  return { reconciliations: { ...written, versions } };
}
