import { type ConsoleSettings, readFrameAncestors } from '../../domain/console-settings.ts';
import { StartFailure } from '../service/start-failure.ts';

/** @throws StartFailure for what is no origin */
export function frameAncestorsOf({ frameAncestors }: { frameAncestors?: readonly string[] }): Partial<ConsoleSettings> {
  try {
    return frameAncestors ? { frameAncestors: readFrameAncestors(frameAncestors) } : {};
  } catch (cause) {
    if (cause instanceof RangeError) throw new StartFailure(`--frame-ancestors: ${cause.message}.`, { cause });
    throw cause;
  }
}
