import { createRequire } from "node:module";
import { DataType, load, open } from "ffi-rs";
import { z } from "zod";

/**
 * Entry point of the child process that becomes a ClickHouse server:
 * `node engine-process.ts CONFIG_FILE DATA_DIR HTTP_PORT TCP_PORT`.
 * The library's command line runs in a thread of its own and holds a query that never ends while the server listens.
 * The process ends when its standard input closes, that is when its parent ends, however it ends.
 */
const [configFile = "", dataDir = "", httpPort = "", tcpPort = ""] = process.argv.slice(2);

const HOLD_SERVER_OPEN =
  "SELECT sleepEachRow(3) FROM numbers(1000000000) SETTINGS max_block_size = 1, max_execution_time = 0 FORMAT Null";

const engineArguments = [
  "clickhouse",
  `--config-file=${configFile}`,
  `--path=${dataDir}`,
  "--listen_host=127.0.0.1",
  `--http_port=${httpPort}`,
  `--tcp_port=${tcpPort}`,
  `--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; ${HOLD_SERVER_OPEN}`,
];

const endWithParent = () => process.kill(process.pid, "SIGKILL");
process.stdin.once("close", endWithParent);
process.stdin.once("error", endWithParent);
process.stdin.resume();

const libchdb = z
  .object({ libchdbPath: z.function({ input: [], output: z.string() }) })
  .parse(createRequire(import.meta.url)("chdb/libchdb"));

open({ library: "chdb", path: libchdb.libchdbPath() });
await load({
  library: "chdb",
  funcName: "chdb_query_cmdline",
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [engineArguments.length, engineArguments],
  runInNewThread: true,
});
process.exit(1);
