#!/bin/sh
# Run once by the ClickHouse image when its volume is new. Creates the user as whom the API reads: read-only, within limits.
# What is CHANGEABLE_IN_READONLY each query sets for itself; log_comment carries the scope that the row policies look at.
set -eu

hash=$(printf '%s' "$CLICKHOUSE_READER_PASSWORD" | sha256sum | cut -d ' ' -f 1)

clickhouse-client --user "$CLICKHOUSE_USER" --password "$CLICKHOUSE_PASSWORD" --multiquery <<SQL
CREATE USER IF NOT EXISTS throughline_reader IDENTIFIED WITH sha256_hash BY '$hash'
SETTINGS
    readonly = 1,
    max_memory_usage = 2000000000,
    max_threads = 2,
    max_execution_time = 20 CHANGEABLE_IN_READONLY,
    max_result_rows = 1000000 CHANGEABLE_IN_READONLY,
    result_overflow_mode CHANGEABLE_IN_READONLY,
    log_comment CHANGEABLE_IN_READONLY,
    output_format_json_quote_64bit_integers CHANGEABLE_IN_READONLY,
    cancel_http_readonly_queries_on_client_close CHANGEABLE_IN_READONLY,
    date_time_output_format CHANGEABLE_IN_READONLY,
    use_query_cache CHANGEABLE_IN_READONLY;
GRANT SELECT ON throughline.* TO throughline_reader;
SQL
