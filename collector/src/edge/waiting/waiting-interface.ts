import type { NativeDocument } from "../formats/document.ts";
import type { MappedDocument } from "../map/document-mapper.ts";
import type { Translate } from "../uses/use-record.ts";
import type { MapAgain } from "./map-again.ts";
import type { WaitingDocument } from "./waiting-document.ts";

/** How documents of an interface are mapped now. */
export interface WaitingInterface {
  map: MapAgain;
  /** As it was mapped when it was told last. */
  mapAsUsed: (waiting: WaitingDocument) => MappedDocument;
  /** Calls `visit` with the documents of these files and messages that are kept here, raw or in an archive. */
  visitKept: (
    identities: ReadonlySet<string>,
    visit: (identity: string, ordinal: number, document: NativeDocument) => Promise<void>,
  ) => Promise<void>;
  translate: Translate;
  /** Of what the tower said. */
  number: () => number;
  /** True where crosswalks say something of a value, on whatever day. */
  knows: (table: string, value: string) => boolean;
  /** Changes when what is said of values may have changed. */
  version: () => unknown;
  /** Why documents are mapped again, for whoever reads the events. */
  reason: () => string;
  kindOf: (table: string) => string;
}
