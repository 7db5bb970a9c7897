/**
 * The same for all secrets, because one data key seals many. It marks the wrapped keys as Postrider's in the audit trail of
 * KMS, and the functions may use their key with it alone. AES-GCM binds each secret to its own context.
 */
export const ENCRYPTION_CONTEXT = { service: 'postrider' };
