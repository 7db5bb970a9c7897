import { FolderInUseError } from '../../adapters/sqlite/database/folder-lock.ts';
import { PortInUseError } from './listener.ts';

/** Why the service can't start. The message is one line for the user, and says what to do. */
export class StartFailure extends Error {
  override name = 'StartFailure';
}

/** What was being done, and on what. */
export type StartStage =
  | { doing: 'folder'; dataDir: string }
  | { doing: 'key'; keyFile: string }
  | { doing: 'store'; dataDir: string }
  | { doing: 'api-key'; apiKeyFile: string | undefined }
  | { doing: 'tls'; file: string }
  | { doing: 'listen'; host: string; port: number };

/** Runs one step of the start, and turns any error into a StartFailure. */
export async function startStage<T>(stage: StartStage, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new StartFailure(explain(stage, cause), { cause });
  }
}

function explain(stage: StartStage, cause: unknown): string {
  const why = cause instanceof Error ? firstLine(cause.message) : String(cause);
  switch (stage.doing) {
    case 'folder':
      return explainFolder(stage.dataDir, cause, why);
    case 'key':
      return isSystemError(cause)
        ? `The key file ${stage.keyFile} can't be read (${codeOf(cause)}): give yourself read access to it, or restore it from your backup.`
        : why;
    case 'store':
      return `The data in ${stage.dataDir} can't be opened (${why}): restore it from your backup, or choose another folder with --data.`;
    case 'api-key':
      return isSystemError(cause)
        ? `The API key's file ${stage.apiKeyFile} can't be read or written (${codeOf(cause)}): give yourself access to it.`
        : why;
    case 'tls':
      return `The TLS file ${stage.file} can't be used (${codeOf(cause) || why}): give a PEM file with --tls-cert and one with --tls-key.`;
    case 'listen':
      return explainListen(stage, cause, why);
  }
}

function explainFolder(dataDir: string, cause: unknown, why: string): string {
  if (cause instanceof FolderInUseError) {
    return `Another Postrider is using ${dataDir}: stop it, or choose another folder with --data.`;
  }
  const reason = isSystemError(cause) ? codeOf(cause) : why;
  return `The data folder ${dataDir} can't be written (${reason}): choose another one with --data.`;
}

function explainListen({ host, port }: { host: string; port: number }, cause: unknown, why: string): string {
  if (cause instanceof PortInUseError || codeOf(cause) === 'EADDRINUSE') {
    return `Port ${port} of ${host} is in use: stop what listens there, or choose another with --port (0 picks a free one).`;
  }
  if (codeOf(cause) === 'EACCES') return `You are not allowed to listen on port ${port}: choose another with --port.`;
  return `Can't listen on port ${port} of ${host} (${codeOf(cause) || why}): choose an address of this machine with --host.`;
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && codeOf(cause) !== '';
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
