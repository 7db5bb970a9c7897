import type { SecretBox } from '../../lib/ports/secret-box.ts';

/** Sealing is not simulated: secrets are stored in plain text. */
export const PLAIN_BOX: SecretBox = {
  seal: async (plaintext) => plaintext,
  open: async (sealed) => sealed,
  reseal: async () => undefined,
};

/** Takes the place of the customers until they exist. */
export const NOBODY = { send: () => Promise.reject(new Error('nobody is there')) };
