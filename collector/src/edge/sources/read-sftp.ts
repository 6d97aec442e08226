import { createHash, timingSafeEqual } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import { Client, type ConnectConfig, type SFTPWrapper } from "ssh2";
import type { SourceOf } from "../config/edge-source.ts";
import { readSecret } from "../config/read-secret.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import { keepConnected } from "./keep-connected.ts";
import { createFileScanner } from "./scan-files.ts";
import { createSftpFiles } from "./sftp-files.ts";
import type { RunningSource, SourceParts } from "./source.ts";

const CONNECT_TIMEOUT_MS = 20_000;
const KEEPALIVE_MS = 15_000;

/** Reads files that are dropped into a directory of an SFTP server, which must have the key that is known of it. */
export function readSftp(config: SourceOf<"sftp">, parts: SourceParts): RunningSource {
  const scan = createFileScanner(config, parts);
  return keepConnected(parts, async (session) => {
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    const client = new Client();
    let scanning: Promise<boolean> | undefined;
    try {
      const files = createSftpFiles(await connect(client, { config, lost: lost.reject }), config);
      session.connected();
      for (;;) {
        const startedAt = parts.now();
        scanning = scan(files, session.signal);
        if (await Promise.race([scanning, lost.promise])) session.complete(startedAt);
        await Promise.race([pause(toDurationMs(config.every), undefined, { signal: session.signal }), lost.promise]);
      }
    } finally {
      client.destroy();
      await scanning?.catch(() => undefined);
    }
  });
}

function connect(
  client: Client,
  { config, lost }: { config: SourceOf<"sftp">; lost: (error: Error) => void },
): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    let isKnown = true;
    const fail = (error: Error) => {
      const reason = isKnown ? error : new AppError("unavailable", "the server has another key than hostKey says");
      reject(reason);
      lost(reason);
    };
    client.on("error", fail);
    client.on("close", () => fail(new AppError("unavailable", "the server ended the connection")));
    client.on("ready", () => client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : fail(error))));
    const isExpected = (key: Buffer) => {
      isKnown = isFingerprint(config.hostKey, key);
      return isKnown;
    };
    client.connect(toOptions(config, isExpected));
  });
}

function toOptions(config: SourceOf<"sftp">, isExpected: (key: Buffer) => boolean): ConnectConfig {
  const { host, port, user, keyFile, passwordFile } = config;
  const password = passwordFile === undefined ? undefined : readSecret(passwordFile);
  return {
    host,
    port,
    username: user,
    hostVerifier: isExpected,
    ...(keyFile !== undefined && { privateKey: `${readSecret(keyFile)}\n` }),
    ...(password !== undefined && (keyFile === undefined ? { password } : { passphrase: password })),
    readyTimeout: CONNECT_TIMEOUT_MS,
    keepaliveInterval: KEEPALIVE_MS,
  };
}

function isFingerprint(expected: string, key: Buffer): boolean {
  const actual = createHash("sha256").update(key).digest();
  return timingSafeEqual(actual, Buffer.from(expected.slice("SHA256:".length), "base64"));
}
