/** `.` and `..` are steps in a path, also when they are percent-encoded (RFC 3986): nobody could ask for such a tenant. */
const TENANT_ID = /^(?!\.\.?$)[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;

/** May a tenant have this id? Any printable text of 1 to 128 characters (code points), such as `org|123` or `a@b.example`. */
export function isTenantId(text: string): boolean {
  return TENANT_ID.test(text);
}
