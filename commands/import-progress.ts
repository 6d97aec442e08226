import type { WriteStream } from "node:tty";
import { Presets, SingleBar } from "cli-progress";

/** Shows how far an import is: a bar on a terminal, a line every few seconds elsewhere. */
export interface ImportProgress {
  /** Begins a phase; without a size only bytes are counted. */
  start: (phase: string, sizeBytes?: number) => void;
  add: (bytes: number) => void;
  set: (bytes: number, records: number) => void;
  note: (text: string) => void;
  stop: () => void;
}

const LINE_INTERVAL_MS = 5000;

export function createImportProgress(stream: WriteStream): ImportProgress {
  return stream.isTTY ? createBar(stream) : createLines((line) => stream.write(`${line}\n`));
}

function createBar(stream: WriteStream): ImportProgress {
  let bar: SingleBar | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    start: (phase, sizeBytes) => {
      stop();
      const format =
        sizeBytes === undefined
          ? `${phase} {value} bytes`
          : `${phase} [{bar}] {percentage} % · {records} records {note}`;
      bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true, fps: 8 }, Presets.shades_classic);
      bar.start(sizeBytes ?? 0, 0, { records: 0, note: "" });
    },
    add: (bytes) => bar?.increment(bytes),
    set: (bytes, records) => bar?.update(bytes, { records, note: "" }),
    note: (text) => bar?.update({ note: `· ${text}` }),
    stop,
  };
}

/** Lines of progress, at most one in five seconds. */
export function createLines(write: (line: string) => void): ImportProgress {
  let phase = "";
  let size: number | undefined;
  let bytes = 0;
  let shownAt = 0;
  const show = (records?: number) => {
    if (Date.now() - shownAt < LINE_INTERVAL_MS) return;
    shownAt = Date.now();
    const share = size === undefined || size === 0 ? `${bytes} bytes` : `${Math.floor((bytes / size) * 100)} %`;
    write(records === undefined ? `${phase}: ${share}` : `${phase}: ${share}, ${records} records`);
  };
  return {
    start: (name, sizeBytes) => {
      phase = name;
      size = sizeBytes;
      bytes = 0;
      shownAt = Date.now();
    },
    add: (more) => {
      bytes += more;
      show();
    },
    set: (total, records) => {
      bytes = total;
      show(records);
    },
    note: (text) => write(`${phase}: ${text}`),
    stop: () => undefined,
  };
}
