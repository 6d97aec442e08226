import { z } from "zod";
import { toEachId } from "./expand-legs.ts";

/**
 * As much of a flow as can be read, so that a mistake in one place does not hide those that follow from others. What has
 * the wrong shape is undefined here and reported by the schema.
 */
const word = z.string().optional().catch(undefined);

const draftTarget = z
  .object({ where: z.unknown().optional(), within: word, calendar: word })
  .catch({ where: undefined, within: undefined, calendar: undefined });

const draftEach = z
  .object({ values: z.record(z.string(), z.unknown()) })
  .optional()
  .catch(undefined);

const draftLeg = z
  .object({
    id: word,
    from: word,
    to: word,
    targets: draftTarget.array().catch([]),
    completion: z.unknown().optional(),
    each: draftEach,
    statutory: z.unknown().optional(),
  })
  .transform(({ statutory, ...leg }) => ({ ...leg, isStatutory: statutory !== undefined }))
  .catch({
    id: undefined,
    from: undefined,
    to: undefined,
    targets: [],
    completion: undefined,
    each: undefined,
    isStatutory: false,
  });

const draftChange = z
  .object({ legs: word.array().default([]).catch([undefined]), quantity: z.unknown().optional() })
  .catch({ legs: [undefined], quantity: undefined });

const draftLink = z.object({ from: word, to: word }).catch({ from: undefined, to: undefined });

const draftMilestone = z.object({ measure: word }).catch({ measure: undefined });

const draft = z
  .object({
    id: word,
    anchor: word,
    latencyClass: word,
    links: draftLink.array().catch([]),
    milestones: z.record(z.string(), draftMilestone).catch({}),
    legs: draftLeg.array().catch([]),
    changes: draftChange.array().catch([]),
  })
  .catch({
    id: undefined,
    anchor: undefined,
    latencyClass: undefined,
    links: [],
    milestones: {},
    legs: [],
    changes: [],
  });

export type FlowDraft = z.infer<typeof draft>;
export type LegDraft = z.infer<typeof draftLeg>;

export function toFlowDraft(value: unknown): FlowDraft {
  return draft.parse(value);
}

/** The ids of a flow's legs, those for each value of a field among them. */
export function listLegIds(flow: FlowDraft): string[] {
  return flow.legs.flatMap(({ id, each }) => {
    if (id === undefined) return [];
    return each === undefined ? [id] : Object.keys(each.values).map((value) => toEachId(id, value));
  });
}
