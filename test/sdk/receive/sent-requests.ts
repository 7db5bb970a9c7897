import { type DialectName, VerificationError } from '@postrider/sdk/receive';
import { dialectNamed } from '../../../lib/dialects/index.ts';
import { writeSecret } from '../../../lib/dialects/standard/signing.ts';
import type { RenderInput } from '../../../lib/dialects/dialect.ts';
import { goldenInput } from '../../dialects/render-inputs.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

export const random = new SeededRandom(1);
const newSecret = () => writeSecret(random.bytes(32));
export const [SECRET, OLD, OTHER] = [newSecret(), newSecret(), newSecret()];

/** A request as the service sends it. */
export async function sent(
  dialect: DialectName,
  secrets: readonly string[] = [SECRET],
  more: Partial<RenderInput> = {},
) {
  const input = { ...goldenInput('task.completed', secrets, { data: '{"title":"Grüße 😀","n":1}' }), ...more };
  const { headers, body } = await dialectNamed(dialect).render(input);
  return { message: { headers, body }, options: { dialect, url: input.url, now: input.now }, input };
}

/** The code of the refusal, or `accepted`. */
export const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: unknown) => (error instanceof VerificationError ? error.code : error),
  );
