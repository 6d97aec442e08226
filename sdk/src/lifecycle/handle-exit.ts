const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const FLUSH_TIMEOUT_MS = 3000;
/** Marks listeners of every copy of the SDK in a process, so that each knows who else listens. */
const OURS = Symbol.for("throughline.sdk.exit-listener");

/**
 * Delivers what is left when the process ends, without changing whether and how it ends. When its work runs out, delivery is
 * waited for, up to 3 s. A signal for which nobody but SDKs listens is raised again after that, so that it ends the process
 * as it would have; where the host listens, the host decides. Returns what stops the listening.
 */
export function handleExit(last: {
  flush: (timeoutMs: number) => Promise<boolean>;
  saveAtExit: () => void;
}): () => void {
  const stops = [listen("exit", last.saveAtExit), listenWhenIdle(last.flush)];
  for (const signal of SIGNALS) {
    const stop = listen(signal, () => {
      const isOurs = process.listeners(signal).every((listener) => Reflect.has(listener, OURS));
      const flushed = last.flush(FLUSH_TIMEOUT_MS);
      if (isOurs)
        void flushed.finally(() => {
          stop();
          if (process.listenerCount(signal) > 0) return;
          last.saveAtExit();
          process.kill(process.pid, signal);
        });
    });
    stops.push(stop);
  }
  return () => stops.forEach((stop) => stop());
}

/** Once for each time that the host has nothing left to do: a delivery that fails does not keep it alive for ever. */
function listenWhenIdle(flush: (timeoutMs: number) => Promise<boolean>): () => void {
  let isTried = false;
  return listen("beforeExit", () => {
    if (isTried) return;
    isTried = true;
    void flush(FLUSH_TIMEOUT_MS);
  });
}

function listen(name: "exit" | "beforeExit" | NodeJS.Signals, listener: () => void): () => void {
  const marked = Object.assign(() => listener(), { [OURS]: true });
  process.on(name, marked);
  return () => void process.off(name, marked);
}
