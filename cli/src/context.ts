import type { Command } from 'commander';
import { Postrider } from '../../sdk/src/postrider.ts';
import { type Access, type AccessFlags, findAccess } from './access/access.ts';
import { Refusal } from './errors/refusal.ts';
import type { Output as Format } from './output/formats.ts';
import { clean } from './output/cells.ts';
import { confirm } from './terminal/ask.ts';
import { type Style, styleFor } from './terminal/style.ts';
import { Interrupted, type Terminal, isInteractive } from './terminal/terminal.ts';

/** The options that every command has. */
export interface GlobalFlags extends AccessFlags {
  output: Format;
  yes?: true;
  color: boolean;
}

/** What a command works with: its terminal, and what the options of every command mean for it. */
export interface Context {
  terminal: Terminal;
  flags: GlobalFlags;
  /** For stdout. */
  style: Style;
  /** For stderr. */
  errorStyle: Style;
}

/** The context of a command, once it was parsed. */
export type ContextFor = (command: Command) => Context;

/** Adds a command to the program, or several. */
export type AddCommands = (program: Command, contextFor: ContextFor) => void;

export function contextOf(terminal: Terminal, flags: GlobalFlags): Context {
  const { stdout, stderr, env } = terminal;
  const errorStyle = styleFor(stderr, env, flags.color);
  return { terminal, flags, style: styleFor(stdout, env, flags.color), errorStyle };
}

/** @throws Refusal where there is no key */
export function accessOf({ flags, terminal }: Context): Access {
  return findAccess(flags, terminal);
}

/** A client of the service. @param ofTenant false: for calls about the whole deployment */
export function clientOf(context: Context, ofTenant = true): Postrider {
  const { url, key, tenant } = accessOf(context);
  const { fetch } = context.terminal;
  return new Postrider({
    apiKey: key,
    baseUrl: url,
    ...(ofTenant && tenant !== undefined && { tenant }),
    ...(fetch && { fetch }),
  });
}

/** Tells people something that is not the answer; scripts that read stdout don't see it. */
export function note({ terminal, flags }: Context, text: string): void {
  if (flags.output !== 'quiet') terminal.stderr.write(`${clean(text)}\n`);
}

/**
 * Asks before something that can't be undone.
 * @param what a sentence
 * @param of what it is done to
 * @throws Refusal where nobody can be asked, Interrupted where the answer is not yes
 */
export async function confirmed({ terminal, flags }: Context, what: string, of: string): Promise<void> {
  if (flags.yes) return;
  if (!isInteractive(terminal)) throw new Refusal(`${what} Pass --yes to do it without being asked.`);
  if (!(await confirm(terminal, `${what}\n${clean(of)}: go on?`))) throw new Interrupted();
}
