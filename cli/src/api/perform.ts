import { isApiError } from '../../../sdk/src/errors.ts';
import { type Page, pageOf } from '../../../sdk/src/list.ts';
import type { AnyOptions, Call } from '../../../sdk/src/transport.ts';
import { type Context, clientOf, confirmed } from '../context.ts';
import { ask } from '../terminal/ask.ts';
import { isInteractive } from '../terminal/terminal.ts';
import { isDestructive } from './destructive.ts';
import type { Operation } from './operation.ts';

/** Makes the call, after a question where it can't be undone, and with a code where it asks for one. */
export async function perform<Answer>(
  context: Context,
  operation: Operation,
  call: Call,
  options: AnyOptions = {},
): Promise<Answer> {
  if (isDestructive(operation, call.body as string | undefined)) {
    await confirmed(context, operation.summary, decodeURIComponent(call.path.replace('/v1/', '')));
  }
  const client = clientOf(context, operation.ofTenant === true);
  const { terminal } = context;
  const withSignal = { ...options, signal: terminal.signal };
  try {
    return await client.call<Answer>(call, withSignal);
  } catch (error) {
    const canAsk = isInteractive(terminal) && options.mfaCode === undefined;
    if (!isApiError(error, 'second-factor-needed') || !canAsk) throw error;
    const mfaCode = (await ask(terminal, 'Code of the second factor: ')).trim();
    return client.call<Answer>(call, { ...withSignal, mfaCode });
  }
}

/** The rows of a list, page by page. @param most how many at most */
export async function* rowsOf(
  context: Context,
  operation: Operation,
  call: Call,
  most: number,
): AsyncGenerator<object, void, undefined> {
  const client = clientOf(context, operation.ofTenant === true);
  const { signal } = context.terminal;
  let left = most;
  let cursor: string | null | undefined;
  do {
    const page = operation.pages && { limit: Math.min(left, operation.pages), cursor: cursor ?? undefined };
    const asked = { ...call, query: { ...call.query, ...page } };
    const { data, next_cursor: next } = pageOf(await client.call<Page<object>>(asked, { signal }));
    yield* data.slice(0, left);
    left -= data.length;
    cursor = next;
  } while (cursor && left > 0);
}
