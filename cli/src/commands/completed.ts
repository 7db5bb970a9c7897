import type { Command, Option } from 'commander';
import { readProfiles } from '../access/profiles.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What the scripts of `postrider completion` call, with the words of the line up to the cursor. */
export const COMPLETE = '__complete';

/**
 * What may stand at the cursor: lines of a word, a tab and what it means.
 * @param split the last one is what has been typed of the word there, perhaps nothing
 */
export function completed(program: Command, split: readonly string[], terminal: Terminal): string {
  const words = withoutEqualSigns(split);
  const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(words.at(-1) ?? '') ?? [];
  if (name !== undefined)
    return completedValue(completed(program, [...words.slice(0, -1), name, value ?? ''], terminal), name);
  const typed = words.at(-1) ?? '';
  const { command, waiting } = walked(program, words.slice(0, -1));
  const all = waiting ? valuesOf(waiting, terminal) : typed.startsWith('-') ? optionsOf(command) : namesOf(command);
  const fitting = all.filter(([word]) => word.startsWith(typed));
  return fitting.map(([word, about]) => `${word}\t${about}\n`).join('');
}

/** Bash has `--output=j` as three words, and replaces the last one. */
function withoutEqualSigns(words: readonly string[]): string[] {
  const kept = words.filter((word, index) => word !== '=' || !words[index - 1]?.startsWith('--'));
  return words.at(-1) === '=' && kept.length < words.length ? [...kept, ''] : kept;
}

/** Of `--output=j`, which other shells complete as one word. */
function completedValue(lines: string, name: string): string {
  return lines.replaceAll(/^(?=.)/gm, `${name}=`);
}

type Word = readonly [word: string, about: string];

/** The command that the words lead to, and the option that waits for its value. */
function walked(program: Command, words: readonly string[]): { command: Command; waiting?: Option } {
  let command = program;
  let waiting: Option | undefined;
  for (const word of words) {
    if (waiting) {
      waiting = undefined;
    } else if (word.startsWith('-')) {
      const option = withParents(command).find(({ short, long }) => word === short || word === long);
      waiting = option?.required ? option : undefined;
    } else {
      command = command.commands.find((one) => one.name() === word || one.aliases().includes(word)) ?? command;
    }
  }
  return { command, ...(waiting && { waiting }) };
}

function withParents(command: Command | null): Option[] {
  return command ? [...command.options, ...withParents(command.parent)] : [];
}

function valuesOf(option: Option, { env }: Terminal): Word[] {
  if (option.long === '--profile')
    return Object.entries(readProfiles(env).profiles).map(([name, { url }]) => [name, url]);
  return (option.argChoices ?? []).map((choice) => [choice, '']);
}

function optionsOf(command: Command): Word[] {
  return withParents(command).map(({ long, description }) => [long ?? '', firstSentence(description)]);
}

function namesOf(command: Command): Word[] {
  const commands = command.commands.map((one): Word => [one.name(), firstSentence(one.summary() || one.description())]);
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  return [...commands, ...choices.map((choice): Word => [choice, ''])];
}

function firstSentence(text: string): string {
  return text.replace(/[.:;]\s.*$/s, '').replace(/\.$/, '');
}
