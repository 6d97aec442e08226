import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";

/** A segment, element, row or object of a native document. What it holds besides `children` depends on the format. */
export interface NativeNode {
  name: string;
  /** Of a segment: the elements as written, its name at 0. */
  elements?: readonly string[];
  attributes?: Readonly<Record<string, string>>;
  text?: string;
  children: readonly NativeNode[];
}

/** The signs inside of an element. An empty one does not occur. */
export interface Separators {
  element: string;
  repetition: string;
  component: string;
  subcomponent: string;
  escape: string;
}

/** A document as its system wrote it: one transaction set, message, row or resource. */
export interface NativeDocument {
  format: DocumentFormat;
  /** `850`, `RDS^O13`, `OrderRequest`, `row`. */
  kind: string;
  /** From native control numbers, unique for the sender; undefined where they do not tell documents apart. */
  id: string | undefined;
  /** The id leads to a patient: a token takes its place before it leaves. */
  isIdPersonal?: true;
  /** Of a test or training interchange: it never becomes an event. */
  isTest: boolean;
  /** The envelope, by name: `sender`, `receiver` and what else the format has. */
  control: Readonly<Record<string, string>>;
  separators?: Separators;
  root: NativeNode;
}

export type FindingCode =
  | "bad_delimiter"
  | "control_gap"
  | "control_mismatch"
  | "count_mismatch"
  | "depth"
  | "document_too_large"
  | "duplicate_control"
  | "encoding"
  | "entity"
  | "formula"
  | "junk"
  | "malformed"
  | "missing_trailer"
  | "timeout"
  | "truncated"
  | "unknown_parent"
  | "unsupported";

/** Something that is not as the format has it. Names places and numbers, never what a document says. */
export interface Finding {
  code: FindingCode;
  /** A segment, element, row or control number: `SE01 of set 0001`. */
  place: string;
  reason: string;
}

/** Where in the stream something begins. */
export interface Position {
  /** Bytes from the start of the stream. */
  byteOffset: number;
  /** Documents of the stream before it. */
  ordinal: number;
}

/** A document, or what stands where one should be; and what is wrong there. The rest of the stream goes on. */
export interface ParsedItem {
  document?: NativeDocument;
  position: Position;
  findings: Finding[];
}

/** Bounds of what one stream may make a parser hold. Sizes in characters unless they say bytes. */
export interface FormatLimits {
  /** Of a segment, line or value. */
  segment: number;
  /** Of a document. */
  document: number;
  /** Segments, elements or values of a document. */
  nodes: number;
  depth: number;
  /** Findings that are listed for one document; more are counted in the last one. */
  findings: number;
}

export const FORMAT_LIMITS: FormatLimits = {
  segment: 1_000_000,
  document: 16_000_000,
  nodes: 200_000,
  depth: 64,
  findings: 50,
};

/** Takes text in pieces that may be cut anywhere; returns what each piece completes. */
export interface DocumentParser {
  write: (piece: TextPiece) => ParsedItem[];
  end: () => ParsedItem[] | Promise<ParsedItem[]>;
}

/** Text of a stream, and how many bytes a part of it took there. */
export interface TextPiece {
  text: string;
  sizeOf: (text: string) => number;
}
