const TENANT = /^[A-Za-z0-9_.:-]{1,128}$/;

/** May a tenant have this id? */
export function isTenantId(text: string): boolean {
  return TENANT.test(text);
}
