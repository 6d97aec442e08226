import { createHash } from "node:crypto";
import { SCOPED_TABLES, toScopeFilter } from "./scope.ts";

/** What the local engine is configured with. Sizes in bytes, durations in seconds. */
export interface EngineSettings {
  database: string;
  memoryBytes: number;
  writerPassword: string;
  readerPassword: string;
  remoteServers?: string;
}

export const WRITER_USER = "throughline_writer";
export const READER_USER = "throughline_reader";

const READER_LIMITS = {
  max_execution_time: 20,
  max_memory_usage: 2_000_000_000,
  max_result_rows: 1_000_000,
  max_threads: 2,
};

/** Settings that a reader's query may set by itself although it is read-only: a tighter bound, its name and its scope. */
const READER_MAY_SET = [
  "max_execution_time",
  "max_result_rows",
  "result_overflow_mode",
  "log_comment",
  "output_format_json_quote_64bit_integers",
  "cancel_http_readonly_queries_on_client_close",
  "date_time_output_format",
  "use_query_cache",
];

/** The server's configuration file. `usersFile` is an absolute path. */
export function toEngineConfigXml(settings: EngineSettings, usersFile: string): string {
  return `<clickhouse>
  <logger><level>warning</level><console>0</console></logger>
  <users_config>${usersFile}</users_config>
  <default_profile>default</default_profile>
  <max_server_memory_usage>${settings.memoryBytes}</max_server_memory_usage>
  <max_concurrent_queries>200</max_concurrent_queries>
  <mark_cache_size>268435456</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <background_pool_size>4</background_pool_size>
  <os_threads_nice_value_merge_mutate>10</os_threads_nice_value_merge_mutate>
  <background_schedule_pool_size>8</background_schedule_pool_size>
  <access_control_improvements>
    <settings_constraints_replace_previous>true</settings_constraints_replace_previous>
    <users_without_row_policies_can_read_rows>true</users_without_row_policies_can_read_rows>
  </access_control_improvements>
  <merge_tree><merge_selector_base>12</merge_selector_base>
    <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition></merge_tree>
  ${settings.remoteServers ?? ""}
</clickhouse>
`;
}

/** The users file: the engine's own powerless `default`, the writer, and the reader with its limits. */
export function toEngineUsersXml(settings: EngineSettings): string {
  const limits = Object.entries(READER_LIMITS)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join("");
  const constraints = READER_MAY_SET.map((name) => `<${name}><changeable_in_readonly/></${name}>`).join("");
  return `<clickhouse>
  <profiles>
    <default></default>
    <writer><async_insert>0</async_insert></writer>
    <reader><readonly>1</readonly>${limits}<constraints>${constraints}</constraints></reader>
  </profiles>
  <quotas><default></default></quotas>
  <users>
    <default>
      <password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT CREATE TEMPORARY TABLE ON *.*</query><query>GRANT SELECT ON system.numbers</query></grants>
    </default>
    ${toUserXml({ name: WRITER_USER, password: settings.writerPassword, grants: ["GRANT ALL ON *.* WITH GRANT OPTION"] })}
    ${toUserXml({ name: READER_USER, password: settings.readerPassword, grants: [`GRANT SELECT ON ${settings.database}.*`], extra: toRowPoliciesXml(settings.database) })}
  </users>
</clickhouse>
`;
}

function toUserXml(user: { name: string; password: string; grants: string[]; extra?: string }): string {
  const hash = createHash("sha256").update(user.password).digest("hex");
  const profile = user.name === READER_USER ? "reader" : "writer";
  const granted = user.grants.map((grant) => `<query>${grant}</query>`).join("");
  return `<${user.name}><password_sha256_hex>${hash}</password_sha256_hex><networks><ip>127.0.0.1</ip></networks>
      <profile>${profile}</profile><quota>default</quota><grants>${granted}</grants>${user.extra ?? ""}</${user.name}>`;
}

/** The local engine keeps row policies in its users file; a server gets the same filters by statement. */
function toRowPoliciesXml(database: string): string {
  const filters = SCOPED_TABLES.map((table) => `<${table}><filter>${toScopeFilter(table)}</filter></${table}>`).join(
    "",
  );
  return `<databases><${database}>${filters}</${database}></databases>`;
}
