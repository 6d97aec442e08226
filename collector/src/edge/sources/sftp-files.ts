import { posix } from "node:path";
import type { SFTPWrapper, Stats } from "ssh2";
import type { FileStore } from "./file-store.ts";

type Done<T> = (error: Error | undefined | null, result: T) => void;

/** The files of a directory of a server. It tells times in seconds, and no inode. */
export function createSftpFiles(
  sftp: SFTPWrapper,
  { path, archive }: { path: string; archive?: string | undefined },
): FileStore {
  const at = (name: string) => posix.join(path, name);
  return {
    names: async () => {
      const entries = await ask<{ filename: string }[]>((done) => sftp.readdir(path, done));
      return entries.map(({ filename }) => filename);
    },
    look: async (name) => {
      const found = await ask<Stats>((done) => sftp.lstat(at(name), done)).catch(ignoreMissing);
      if (!found?.isFile()) return undefined;
      return { inode: 0, sizeBytes: found.size, changedAt: found.mtime * 1000 };
    },
    read: (name) => sftp.createReadStream(at(name)),
    archive: archive === undefined ? undefined : (name, as) => move(sftp, at(name), { folder: archive, as }),
  };
}

const NO_SUCH_FILE = 2;

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === NO_SUCH_FILE) return undefined;
  throw error;
}

/** A file of that content and name may be there already: then this one takes its place. */
async function move(sftp: SFTPWrapper, from: string, { folder, as }: { folder: string; as: string }): Promise<void> {
  const to = posix.join(folder, as);
  const rename = () => ask<void>((done) => sftp.rename(from, to, (error) => done(error, undefined)));
  try {
    await rename();
  } catch {
    await ask<void>((done) => sftp.mkdir(folder, (error) => done(error, undefined))).catch(() => undefined);
    await ask<void>((done) => sftp.unlink(to, (error) => done(error, undefined))).catch(() => undefined);
    await rename();
  }
}

function ask<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result)));
  });
}
