import type { Command } from 'commander';

export interface ServiceOptions {
  server?: string;
  json?: boolean;
}

/** The options of every command that talks to the service. */
export const addServiceOptions = (command: Command): Command =>
  command
    .option('--server <url>', 'a running service; its key is read from STENOGRAF_API_KEY')
    .option('--json', 'print the result as one JSON object');
