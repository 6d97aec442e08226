import type { EventData } from "@throughline/schemas/event";

/** A value that a crosswalk does not know. */
export interface UnknownValue {
  table: string;
  value: string;
}

/** A value that a crosswalk has an entry of, and what it was called. */
export interface UsedValue extends UnknownValue {
  to: string;
}

/** What of a record could not be mapped, and what crosswalks said of it. */
export interface MappingNotes {
  addUse: (use: UsedValue) => void;
  uses: () => readonly UsedValue[];
  /** A value that a crosswalk does not know. */
  addUnknown: (table: string, value: string) => void;
  /** Something that is missing or no number; names what, not what it says. */
  addProblem: (code: string, message: string) => void;
  error: () => EventData["error"] | undefined;
  /** The values that crosswalks do not know. */
  unknown: () => readonly UnknownValue[];
  /** Adds what a steward needs to complete the crosswalk. */
  addTo: (attributes: NonNullable<EventData["attributes"]>) => void;
  /** Forgets all: the next record begins. */
  clear: () => void;
}

const MAX_VALUES = 20;

export function createMappingNotes(): MappingNotes {
  let problems: { code: string; message: string }[] = [];
  let unknown: UnknownValue[] = [];
  let uses: UsedValue[] = [];
  return {
    addUse: (use) => void uses.push(use),
    uses: () => uses,
    addUnknown: (table, value) => {
      problems.push({ code: `unknown_${table.replaceAll("-", "_")}`, message: `the crosswalk ${table} lacks a value` });
      if (unknown.length < MAX_VALUES) unknown.push({ table, value });
    },
    addProblem: (code, message) => void problems.push({ code, message }),
    error: () => {
      const [first] = problems;
      if (first === undefined) return undefined;
      const messages = [...new Set(problems.map(({ message }) => message))];
      return { class: "mapping", code: first.code, message: messages.join("; ").slice(0, 4096), retryable: false };
    },
    unknown: () => unknown,
    addTo: (attributes) => {
      if (unknown.length > 0) attributes["unmapped"] = unknown.map(({ table, value }) => `${table}: ${value}`);
    },
    clear: () => {
      if (problems.length > 0) problems = [];
      if (unknown.length > 0) unknown = [];
      if (uses.length > 0) uses = [];
    },
  };
}
