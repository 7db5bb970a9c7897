import type { Mutant } from './mutant.ts';

/** Bugs in the rotation of secrets. */
export const ROTATION_MUTANTS: readonly Mutant[] = [
  {
    name: 'a change of an endpoint that undoes a rotation',
    edits: [
      {
        file: 'adapters/sqlite/stores/endpoint-store.ts',
        find: "coalesce(body ->> '$.secretsRevision', 0) = ?",
        put: '? >= 0',
      },
    ],
    breaks: [23],
  },
  {
    name: 'a rotation that is answered and was not made',
    edits: [
      {
        file: 'pipeline/endpoints/rotate-secret.ts',
        find: 'return isReplaced ? { endpoint: changed, ...shown } : SUPERSEDED;',
        put: 'return isReplaced !== undefined ? { endpoint: changed, ...shown } : SUPERSEDED;',
      },
    ],
    breaks: [23],
  },
  {
    name: 'an old secret that signs after its end',
    edits: [
      {
        file: 'domain/secret-rotation.ts',
        find: '(expiresAt === undefined || expiresAt > now)',
        put: 'expiresAt !== 0',
      },
    ],
    breaks: [23],
  },
  {
    name: 'a rotation that ends the old secret at once',
    edits: [
      {
        file: 'domain/secret-rotation.ts',
        find: 'const end = activatesAt + overlapMs;',
        put: 'const end = activatesAt + Math.min(overlapMs, 1);',
      },
    ],
    breaks: [23],
  },
];
