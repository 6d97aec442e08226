import { open, rm, writeFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** A file that is written at its end. */
export interface DiskFile {
  /** Writes all bytes at an offset, or throws. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Returns when what was written is on the disk itself. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What the log asks of the file system; a test gives one that fails. */
export interface Disk {
  /** Creates an empty file whose name is on the disk itself when this returns. */
  create(path: string): Promise<DiskFile>;
  open(path: string): Promise<DiskFile>;
  truncate(path: string, sizeBytes: number): Promise<void>;
  /** Replaces a file as a whole: a reader, or a crash, sees the old or the new one. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}

export const realDisk: Disk = {
  create: async (path) => {
    const file = await openFile(path, "wx+");
    await syncDirectory(dirname(path));
    return file;
  },
  open: (path) => openFile(path, "r+"),
  truncate: async (path, sizeBytes) => {
    const handle = await open(path, "r+");
    try {
      await handle.truncate(sizeBytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  replace: async (path, bytes) => {
    const temporary = `${path}.new`;
    await writeFile(temporary, bytes, { mode: 0o600, flush: true });
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  },
  remove: (path) => rm(path, { force: true }),
};

async function openFile(path: string, flags: string): Promise<DiskFile> {
  const handle = await open(path, flags, 0o600);
  return {
    write: async (bytes, at) => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function syncDirectory(path: string) {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
