import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsFiles } from '../service/gateway.ts';
import { StartFailure, startStage } from '../service/start-failure.ts';

/**
 * Reads a certificate chain and its key.
 * @returns undefined when neither is given
 * @throws StartFailure for one without the other, a file that can't be read, and files that do not belong together
 */
export async function readTls(flags: { tlsCert?: string; tlsKey?: string }): Promise<TlsFiles | undefined> {
  const { tlsCert, tlsKey } = flags;
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new StartFailure('HTTPS needs both --tls-cert and --tls-key: give the other one too.');
  }
  const cert = await startStage({ doing: 'tls', file: tlsCert }, () => readFile(tlsCert));
  const key = await startStage({ doing: 'tls', file: tlsKey }, () => readFile(tlsKey));
  await startStage({ doing: 'tls', file: tlsCert }, () => void createSecureContext({ cert }));
  await startStage({ doing: 'tls', file: tlsKey }, () => void createSecureContext({ cert, key }));
  return { cert, key };
}
