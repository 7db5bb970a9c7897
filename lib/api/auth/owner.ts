import { type Caller, platformKeyNeeded } from './authorize.ts';

/**
 * Whose things a call is about: a tenant's, or (undefined) the platform's own.
 * @throws RequestError `platform-key-needed` when a tenant’s key asks for the platform’s
 */
export function ownerOf({ platform }: { platform: 'true' | 'false' }, caller: Caller): string | undefined {
  if (platform === 'false') return caller.tenantId;
  if (!caller.isPlatform) throw platformKeyNeeded();
  return undefined;
}
