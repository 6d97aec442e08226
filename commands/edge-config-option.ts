import { Option } from "commander";

/** Where the collector of this machine is configured, for commands that run beside it. */
export function createConfigOption(): Option {
  return new Option("--config <file>", "the configuration of the collector on this machine")
    .env("THROUGHLINE_EDGE_CONFIG")
    .default("/etc/throughline/edge.yaml");
}
