import type { Readable } from "node:stream";
import type { FileLook } from "./file-memory.ts";

/** The files of a directory, wherever it is. */
export interface FileStore {
  names: () => Promise<string[]>;
  /** Undefined for what is no file, links included: they lead out of the directory. */
  look: (name: string) => Promise<FileLook | undefined>;
  read: (name: string) => Readable;
  /** Moves a file into the archive under this name; undefined where files are left. */
  archive: ((name: string, as: string) => Promise<void>) | undefined;
}
