import { mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** How a file looked when it was read: another look means that it was written again. */
const look = z.object({ inode: z.number(), sizeBytes: z.number(), changedAt: z.number() });
const content = z.object({ files: z.record(z.string(), look), digests: z.array(z.string()) });

export type FileLook = z.infer<typeof look>;

const MAX_DIGESTS = 10_000;

/** Which files of a directory were read, by name and look, and by content. Bounded: the oldest contents are forgotten. */
export function openFileMemory(directory: string) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "files.json");
  const { files, digests } = read(path);
  return {
    isRead: (name: string, seen: FileLook) => files.get(name) !== undefined && isSameLook(files.get(name), seen),
    hasContent: (digest: string) => digests.has(digest),
    /** Remembers what was read. Not durable by itself: a file that is forgotten is read again, with the same ids. */
    remember: async (name: string, { seen, digest }: { seen: FileLook; digest: string }) => {
      files.set(name, seen);
      digests.delete(digest);
      digests.add(digest);
      for (const oldest of digests) {
        if (digests.size <= MAX_DIGESTS) break;
        digests.delete(oldest);
      }
      await save();
    },
    /** Forgets files that are not there any more. */
    keepOnly: async (names: ReadonlySet<string>) => {
      const gone = [...files.keys()].filter((name) => !names.has(name));
      for (const name of gone) files.delete(name);
      if (gone.length > 0) await save();
    },
  };

  async function save() {
    const text = JSON.stringify({ files: Object.fromEntries(files), digests: [...digests] });
    await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
}

export function isSameLook(a: FileLook | undefined, b: FileLook | undefined): boolean {
  return a?.inode === b?.inode && a?.sizeBytes === b?.sizeBytes && a?.changedAt === b?.changedAt;
}

function read(path: string): { files: Map<string, FileLook>; digests: Set<string> } {
  try {
    const parsed = content.parse(JSON.parse(readFileSync(path, "utf8")));
    return { files: new Map(Object.entries(parsed.files)), digests: new Set(parsed.digests) };
  } catch {
    return { files: new Map(), digests: new Set() };
  }
}
