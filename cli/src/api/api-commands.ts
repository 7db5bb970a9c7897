import type { Command } from 'commander';
import type { ContextFor } from '../context.ts';
import { addOperation } from './operation-command.ts';
import { GROUPS, OPERATIONS } from './operations.ts';

/** Shorter words for groups. */
const ALIASES: Readonly<Record<string, string>> = { 'api-keys': 'keys' };

/** Adds a group of commands for each part of the API, and in it a command for each call. */
export function addApiCommands(program: Command, contextFor: ContextFor): void {
  for (const { name, about } of GROUPS) {
    const group = program
      .command(name)
      .helpCommand(false)
      .summary(about)
      .description(about)
      .helpGroup('The API, call by call:');
    const alias = ALIASES[name];
    if (alias !== undefined) group.alias(alias);
    const operations = OPERATIONS.filter((operation) => operation.group === name);
    for (const operation of operations) addOperation(group, operation, contextFor, operations.length === 1);
  }
}
