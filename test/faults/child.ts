import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process of this test, told what to do over its channel. */
export interface Child {
  process: ChildProcess;
  /** The next message that it sends; throws when it ends before. */
  next(): Promise<unknown>;
  send(message: object): void;
  kill(): Promise<void>;
}

/** Starts a TypeScript file as a process of its own, as the supervisor starts its roles, and hands it its order. */
export function startChild(file: string, order: object): Child {
  const child = fork(file, { execArgv: ["--max-semi-space-size=64"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const messages: unknown[] = [];
  let arrived = Promise.withResolvers<void>();
  const wake = () => {
    arrived.resolve();
    arrived = Promise.withResolvers();
  };
  child.on("message", (message) => {
    messages.push(message);
    wake();
  });
  child.once("exit", wake);
  child.send(order);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    process: child,
    next: async () => {
      while (messages.length === 0) {
        if (hasEnded())
          throw new Error(`${file} ended with ${child.exitCode ?? child.signalCode} before it had answered`);
        await arrived.promise;
      }
      return messages.shift();
    },
    send: (message) => void child.send(message),
    kill: async () => {
      if (hasEnded()) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
