import { signal } from '@preact/signals';
import { type SecondFactorOptions, isApiError } from '@postrider/sdk';
import { api } from '../session/session.ts';

/** A call waits for a code. */
export interface CodeAsked {
  /** The service's words about the last code. */
  wrong: string | undefined;
  /** @param code undefined: the person gave up */
  answer: (code: string | undefined, forTenMinutes: boolean) => void;
}

export const codeAsked = signal<CodeAsked | undefined>(undefined);

/** The person closed the prompt: nothing was done, and nothing has to be said. */
export class GivenUp extends Error {
  override name = 'GivenUp';
}

/**
 * Makes a sensitive call. When the service asks for a second factor, the person is asked, as often as the code is wrong.
 * @throws GivenUp, or what the call ends with
 */
export async function sensitive<Value>(call: (options: SecondFactorOptions) => Promise<Value>): Promise<Value> {
  let options: SecondFactorOptions = {};
  for (;;) {
    try {
      return await call(options);
    } catch (error) {
      if (!isApiError(error, 'second-factor-needed', 'second-factor-wrong')) throw error;
      options = await askInTurn(isApiError(error, 'second-factor-wrong') ? error.problem.detail : undefined);
    }
  }
}

/** One prompt at a time: a second call that needs a code waits for its turn. */
let line: Promise<unknown> = Promise.resolve();
/** How often somebody confirmed for ten minutes. */
let stepUps = 0;

function askInTurn(wrong: string | undefined): Promise<SecondFactorOptions> {
  const before = stepUps;
  // Who confirmed for ten minutes meanwhile has confirmed this call too.
  const turn = line.then(() => (stepUps > before ? {} : askForCode(wrong)));
  line = turn.catch(() => undefined);
  return turn;
}

async function askForCode(wrong: string | undefined): Promise<SecondFactorOptions> {
  const { code, forTenMinutes } = await new Promise<{ code: string | undefined; forTenMinutes: boolean }>((resolve) => {
    codeAsked.value = { wrong, answer: (code, forTenMinutes) => resolve({ code, forTenMinutes }) };
  });
  codeAsked.value = undefined;
  if (code === undefined) throw new GivenUp();
  if (!forTenMinutes) return { mfaCode: code };
  try {
    await api().secondFactor.stepUp(code);
    stepUps += 1;
    return {};
  } catch (error) {
    if (isApiError(error, 'second-factor-wrong')) return askForCode(error.problem.detail);
    throw error;
  }
}
