import { readFileSync } from 'node:fs';
import type { Argument, Command, Option } from 'commander';
import { format, resolveConfig } from 'prettier';
import { EXIT_CODES } from '../../../cli/src/errors/exit-codes.ts';
import { createProgram } from '../../../cli/src/program.ts';
import { fakeTerminal } from '../fake-terminal.ts';

export const FILE = 'docs/cli.md';
/** What stands above it is written by hand. */
const MARK = '<!-- From here on written by `npm run reference` from the commands. -->';

/** The whole page: its part that is written by hand, and the reference made of the commands. */
export async function referencePage(): Promise<string> {
  const [before = ''] = readFileSync(FILE, 'utf8').split(MARK);
  const program = createProgram(fakeTerminal().terminal);
  const text = [before.trimEnd(), MARK, exitCodes(), globalOptions(program), ...commandsOf(program)].join('\n\n');
  return format(`${text}\n`, { ...(await resolveConfig(FILE)), filepath: FILE, proseWrap: 'always' });
}

function exitCodes(): string {
  const rows = Object.values(EXIT_CODES).map(({ code, about }) => `| ${code} | ${about} |`);
  return ['## Exit codes', '', '| code | what it means |', '| --- | --- |', ...rows].join('\n');
}

function globalOptions({ options }: Command): string {
  return `## Options of every command\n\n${options.map(optionLine).join('\n')}`;
}

/** Groups of commands with their headings, in the order of help. */
function commandsOf(program: Command): string[] {
  const headings = [...new Set(program.commands.map((command) => command.helpGroup()))];
  return headings.flatMap((heading) => [
    `## ${heading.replace(/:$/, '')}`,
    ...program.commands.filter((command) => command.helpGroup() === heading).flatMap(commandText),
  ]);
}

function commandText(command: Command): string[] {
  if (command.commands.length === 0) return [`### \`${usageOf(command)}\`\n\n${bodyOf(command)}`];
  const { aliases, about } = { aliases: command.aliases(), about: command.description() };
  const also = aliases.length > 0 ? ` Also \`${aliases.join('`, `')}\`.` : '';
  const parts = command.commands.map((one) => `- \`${usageOf(one)}\`: ${bodyOf(one).replaceAll('\n', '\n  ')}`);
  return [`### \`postrider ${command.name()}\`\n\n${escaped(about)}${also}`, parts.join('\n')];
}

function usageOf(command: Command): string {
  const path: string[] = [];
  for (let at: Command | null = command; at; at = at.parent) path.unshift(at.name());
  return [...path, ...command.registeredArguments.map(argumentText)].join(' ');
}

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function bodyOf(command: Command): string {
  const about = command.registeredArguments
    .filter(({ description }) => description)
    .map((one) => `- \`${argumentText(one)}\`: ${escaped(one.description)}`);
  const lines = [...about, ...command.options.filter(({ hidden }) => !hidden).map(optionLine)];
  return [escaped(command.description()), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
}

function optionLine({ flags, description, argChoices, defaultValue, negate }: Option): string {
  const choices = argChoices ? ` One of ${argChoices.map((one) => `\`${one}\``).join(', ')}.` : '';
  const isShown = defaultValue !== undefined && !negate;
  return `- \`${flags}\`: ${escaped(description)}${choices}${isShown ? ` Default: \`${String(defaultValue)}\`.` : ''}`;
}

/** Descriptions are plain text: what Markdown would read as a sign of its own is one of theirs. */
function escaped(text: string): string {
  return text.replaceAll(/([*_<>|[\]])/g, (sign, _, at: number) =>
    text.slice(0, at).split('`').length % 2 === 0 ? sign : `\\${sign}`,
  );
}
