import { createHash } from "node:crypto";
import { createDocumentMapper } from "../../edge/map/document-mapper.ts";
import { type DocumentRules, readDocumentRequest } from "./document-request.ts";
import type { Intake, IntakeRequest } from "./intake.ts";
import type { Reply } from "./reply.ts";
import { takeDocuments } from "./take-documents.ts";

/** Takes native documents as the headers of a request say what they are; see `takeDocuments`. */
export function createPostDocuments(rules: DocumentRules) {
  const mapper = createDocumentMapper(rules.pack, {});
  return async (intake: Intake, request: IntakeRequest): Promise<Reply> => {
    const { format, mapping, site, source } = readDocumentRequest(request, rules);
    const identity = createHash("sha256").update(request.body).digest("hex");
    return takeDocuments(intake, request, { format, layout: mapping ?? {}, mapper, identity, site, source });
  };
}
