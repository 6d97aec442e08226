import { toEachId } from "./expand-legs.ts";
import type { FlowDraft } from "./flow-draft.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

const MAX_ID_LENGTH = 64;

/** The legs and milestones that `each` makes have names that are free and not too long. */
export function checkEach(file: YamlFile, flow: FlowDraft): PackIssue[] {
  const legs = new Set(flow.legs.filter(({ each }) => each === undefined).map(({ id }) => id));
  const milestones = new Set(Object.keys(flow.milestones));
  return flow.legs.flatMap((leg, index) =>
    Object.keys(leg.each?.values ?? {}).flatMap((value) => {
      const made = [
        ...(leg.id === undefined ? [] : [{ kind: "leg", id: toEachId(leg.id, value), taken: legs }]),
        ...(leg.to === undefined ? [] : [{ kind: "milestone", id: toEachId(leg.to, value), taken: milestones }]),
      ];
      return made.flatMap(({ kind, id, taken }) => {
        const isTaken = taken.has(id);
        taken.add(id);
        if (!isTaken && id.length <= MAX_ID_LENGTH) return [];
        const message = isTaken
          ? `it makes a second ${kind} "${id}"`
          : `the ${kind} "${id}" that it makes has more than ${MAX_ID_LENGTH} characters`;
        return [file.issueAt(["legs", index, "each", "values", value], message, { at: "key" })];
      });
    }),
  );
}
