import type { AuditLine } from '../../../ports/audit-log.ts';
import { asTimestamp } from '../../schemas/times.ts';
import type { AuditLineJson } from './schemas.ts';

export function auditLineJson(line: AuditLine): AuditLineJson {
  return {
    id: line.id,
    at: asTimestamp(line.at),
    tenant_id: line.tenantId ?? null,
    key_id: line.keyId,
    user: line.user ?? null,
    action: line.action,
    target: line.target ?? null,
    address: line.address ?? null,
    request_id: line.requestId,
    outcome: line.outcome ?? 'unknown',
    code: line.code ?? null,
  };
}
