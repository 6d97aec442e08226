import { createReadStream } from "node:fs";
import { lstat, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { FileStore } from "./file-store.ts";

/** The files of a directory of this machine. */
export function createLocalFiles({ path, archive }: { path: string; archive?: string | undefined }): FileStore {
  return {
    names: () => readdir(path),
    look: async (name) => {
      const found = await lstat(join(path, name)).catch(() => undefined);
      if (!found?.isFile()) return undefined;
      return { inode: found.ino, sizeBytes: found.size, changedAt: found.mtimeMs };
    },
    read: (name) => createReadStream(join(path, name)),
    archive:
      archive === undefined
        ? undefined
        : async (name, as) => {
            await mkdir(archive, { recursive: true });
            await rename(join(path, name), join(archive, as));
          },
  };
}
