import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreConnection } from "@throughline/schemas/clickhouse/store";
import { GenericContainer, Wait } from "testcontainers";

const ROOT = join(import.meta.dirname, "../..");
const WRITER_PASSWORD = "writer-password";
const READER_PASSWORD = "reader-password";

/** Why no container can be started here; empty when a Docker engine answers. */
export function findDockerReason(): string {
  try {
    execFileSync("docker", ["info"], { stdio: "ignore", timeout: 10_000 });
    return "";
  } catch {
    return "no Docker engine answers here";
  }
}

/** Starts the server image that docker-compose.yml names, with the reader made by the same script. */
export async function startDockerServer(): Promise<{ connection: StoreConnection; stop: () => Promise<void> }> {
  const image = /image: (clickhouse\/clickhouse-server:\S+)/.exec(
    readFileSync(join(ROOT, "docker-compose.yml"), "utf8"),
  );
  const container = await new GenericContainer(image?.[1] ?? "")
    .withEnvironment({
      CLICKHOUSE_USER: "throughline",
      CLICKHOUSE_PASSWORD: WRITER_PASSWORD,
      CLICKHOUSE_READER_PASSWORD: READER_PASSWORD,
      CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT: "1",
    })
    .withCopyFilesToContainer([
      {
        source: join(ROOT, "docker/create-reader.sh"),
        target: "/docker-entrypoint-initdb.d/create-reader.sh",
        mode: 0o755,
      },
    ])
    .withExposedPorts(8123)
    .withWaitStrategy(Wait.forHttp("/ping", 8123))
    .start();
  return {
    connection: {
      url: `http://${container.getHost()}:${container.getMappedPort(8123)}`,
      database: "throughline",
      writer: { username: "throughline", password: WRITER_PASSWORD },
      reader: { username: "throughline_reader", password: READER_PASSWORD },
    },
    stop: async () => void (await container.stop()),
  };
}
