import { RequestError } from '../../domain/errors.ts';
import { isTenantId } from '../../domain/tenant-id.ts';

/** What follows the name of a field in a sentence. */
export const TENANT_RULE = 'must be 1 to 128 printable characters, other than `.` and `..`';

/**
 * The tenant that `Postrider-Tenant` names. HTTP passes on ASCII only, so everything else is percent-encoded as UTF-8, and
 * so is `%`: `müller` is `m%C3%BCller`. All other ASCII characters can be sent as they are.
 * @throws RequestError `invalid-tenant`
 */
export function readTenantHeader(value: string): string {
  const tenantId = /^[\x20-\x7e]*$/.test(value) ? decoded(value) : undefined;
  if (tenantId === undefined) {
    throw invalidTenant(
      'The header `Postrider-Tenant` must be ASCII: percent-encode `%` and every other character as UTF-8, `ü` as `%C3%BC`.',
    );
  }
  if (!isTenantId(tenantId)) throw invalidTenant(`The header \`Postrider-Tenant\` ${TENANT_RULE}.`);
  return tenantId;
}

export function invalidTenant(message: string): RequestError {
  return new RequestError('invalid-tenant', message);
}

/** Undefined for what is not percent-encoded UTF-8. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
