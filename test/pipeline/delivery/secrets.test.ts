import { expect } from 'vitest';
import { openForRequest, sealSecret } from '../../../lib/pipeline/delivery/secrets.ts';
import type { SecretBox } from '../../../lib/ports/secret-box.ts';
import { test } from '../../support/pipeline-test.ts';

const OWNER = { tenantId: 'acme', id: 'ep_1' };
const STANDARD = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Counts what it opens. */
function counting(box: SecretBox) {
  const opened: string[] = [];
  const open = (sealed: string, context: string) => {
    opened.push(sealed);
    return box.open(sealed, context);
  };
  return { opened, box: { ...box, open } };
}

test('a secret that signs twice is opened once, and named once among those that signed', async ({ world }) => {
  const secret = await sealSecret(world.ports.secrets, OWNER, STANDARD, 1);
  // As a store reads it: another object.
  const again = { ...secret };
  const { box, opened } = counting(world.ports.secrets);
  const { signers, signedWith } = await openForRequest(box, OWNER, {
    own: [secret],
    standard: [again],
    asymmetric: [],
  });
  expect(signers).toEqual({ own: [STANDARD], standard: [STANDARD], asymmetric: [] });
  expect(signedWith).toHaveLength(1);
  expect(opened).toEqual([secret.sealed]);
});

test('a secret of another form signs no headers of Standard Webhooks, and is not named as if it did', async ({
  world,
}) => {
  const [standard, other] = await Promise.all([
    sealSecret(world.ports.secrets, OWNER, STANDARD, 2),
    sealSecret(world.ports.secrets, OWNER, 'their own', 1),
  ]);
  const lists = { own: [], standard: [standard, other], asymmetric: [] };
  const { signers, signedWith } = await openForRequest(world.ports.secrets, OWNER, lists);
  expect(signers.standard).toEqual([STANDARD]);
  expect(signedWith).toHaveLength(1);
});
