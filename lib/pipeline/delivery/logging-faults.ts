import { ServiceFault } from '../../domain/errors.ts';
import type { Log, LogFields } from '../../ports/log.ts';

/**
 * Does what may be left undone when a service fails, because what matters is stored: then a line of the log says so.
 * @param name of that line
 * @returns undefined after a failure
 * @throws anything but a ServiceFault
 */
export async function loggingFaults<T>(
  log: Log,
  name: string,
  fields: LogFields,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ServiceFault)) throw cause;
    log.error(name, cause, fields);
    return undefined;
  }
}
