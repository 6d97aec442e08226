import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { createAgenda } from "../../agenda.ts";
import type { TruthRow } from "../../truth.ts";

/** What one system sends to another one; the format of what is no document is a word that both know. */
export interface Mail {
  from: string;
  format: string;
  text: string;
}

/** What the tower gets to hear of a system, in the system's own words. */
export interface Utterance {
  /** Unix milliseconds. */
  at: number;
  /** `sdk`: an event of a service with the SDK in it; `job`: a run of a batch job; `row`: a row of an outbox. */
  format: DocumentFormat | "sdk" | "job" | "row";
  text: string;
  /** How scenarios name the way that it takes, such as /edi/MERIDIAN. */
  source: string;
  /** The documents that it tells of, the foremost first. */
  objects: readonly (readonly [type: string, id: string])[];
}

/** A fault without its number. */
export type Fault = Omit<TruthRow, "id">;

/** What came of a step. */
export interface Deeds {
  utterances: Utterance[];
  mail: (Mail & { to: string })[];
  faults: Fault[];
  /** Systems that were called meanwhile, and that may have something to do now. */
  called: string[];
}

/** A request to a system that answers at once. */
export interface Call {
  path: string;
  body: string;
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Calls a system, and resolves to what it answers. */
export type CallSystem = (to: string, call: Call) => Promise<Answer>;

/** A system of the network: it knows what it was sent and what it keeps itself, and nothing else. */
export interface Agent {
  /** When it does something by itself, in Unix milliseconds; infinity when it only waits. */
  nextAt(): number;
  /** Reads what came, and does what is due by now. */
  act(now: number, mail: readonly Mail[]): Promise<Deeds>;
  answer(call: Call, now: number): Answer;
}

/** What a system acts with. */
export interface Desk {
  now(): number;
  /** Does something later. */
  at(time: number, action: () => void | Promise<void>): void;
  /** Says something that the tower hears, and sends the same to others. */
  say(utterance: Omit<Utterance, "at">, to?: readonly string[]): void;
  send(to: string, format: string, text: string): void;
  call: CallSystem;
  note(fault: Fault): void;
}

/** How a system behaves: what it does with what comes. */
export interface Behaviour {
  hear?(mail: Mail): void | Promise<void>;
  answer?(call: Call): Answer;
}

const NOT_FOUND: Answer = { status: 404, headers: {}, body: "" };

/** A system with an agenda of its own. It never looks at another one, and at no clock. */
export function createAgent(
  id: string,
  { from, call }: { from: number; call: CallSystem },
  open: (desk: Desk) => Behaviour,
): Agent {
  const agenda = createAgenda<() => void | Promise<void>>();
  let time = from;
  let deeds = noDeeds();
  const behaviour = open({
    now: () => time,
    at: (at, action) => agenda.add(Math.max(time, Math.round(at)), action),
    say: (utterance, to = []) => {
      const { format, text } = utterance;
      deeds.utterances.push({ at: time, ...utterance });
      deeds.mail.push(...to.map((each) => ({ from: id, to: each, format, text })));
    },
    send: (to, format, text) => deeds.mail.push({ from: id, to, format, text }),
    call: (to, made) => {
      deeds.called.push(to);
      return call(to, made);
    },
    note: (fault) => deeds.faults.push(fault),
  });
  return {
    nextAt: () => agenda.nextAt(),
    act: async (now, mail) => {
      time = now;
      for (const each of mail) await behaviour.hear?.(each);
      while (agenda.nextAt() <= now) await agenda.take()?.value();
      const done = deeds;
      deeds = noDeeds();
      return done;
    },
    answer: (made, now) => {
      time = Math.max(time, now);
      return behaviour.answer?.(made) ?? NOT_FOUND;
    },
  };
}

export function noDeeds(): Deeds {
  return { utterances: [], mail: [], faults: [], called: [] };
}
