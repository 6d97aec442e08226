import { execFileSync } from "node:child_process";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { findProgram, makeFolder, startProgram } from "./program.ts";

export const SSHD = findProgram("sshd");

/** An OpenSSH server over the files of this machine, for whoever runs the tests. */
export interface SshServer {
  port: number;
  user: string;
  /** Of its key, as ssh-keygen prints it. */
  hostKey: string;
  /** A private key that it lets in. */
  keyFile: string;
  /** A folder of its own. */
  folder: string;
  /** Ends it at once, with its connections, and starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSshd(): Promise<SshServer> {
  const { folder, remove } = makeFolder("sshd");
  const [hostFile, keyFile, config] = ["host", "client", "sshd_config"].map((name) => join(folder, name));
  if (hostFile === undefined || keyFile === undefined || config === undefined) throw new Error("unreachable");
  for (const file of [hostFile, keyFile]) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  writeFileSync(join(folder, "authorized"), readFileSync(`${keyFile}.pub`));
  const port = await findFreePort();
  writeFileSync(
    config,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${hostFile}
AuthorizedKeysFile ${join(folder, "authorized")}
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
Subsystem sftp internal-sftp
`,
  );
  // Where root runs it, it wants this folder, which is empty.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const start = () =>
    startProgram({ command: SSHD ?? "", args: ["-D", "-e", "-f", config], isReady: /Server listening on/ });
  let running = await start();
  const printed = execFileSync("ssh-keygen", ["-lf", `${hostFile}.pub`], { encoding: "utf8" });
  return {
    port,
    user: userInfo().username,
    hostKey: /SHA256:\S+/.exec(printed)?.[0] ?? "",
    keyFile,
    folder,
    restart: async () => {
      await running.stop("SIGKILL");
      running = await start();
    },
    stop: () => running.stop().finally(remove),
  };
}
