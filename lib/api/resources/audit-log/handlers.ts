import { AUDIT_MS, type AuditLine, type AuditRange } from '../../../ports/audit-log.ts';
import type { Ports } from '../../../ports/ports.ts';
import { ownerOf } from '../../auth/owner.ts';
import type { HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { listRange } from '../../http/list-range.ts';
import { auditLogRoutes } from './routes.ts';
import { auditLineJson } from './view.ts';

/** A call reads this many lines at most: with a rare filter it answers fewer rows than asked for, and a cursor. */
const MOST_READ = 2000;
const READ_AT_ONCE = 500;

type Wanted = (line: AuditLine) => boolean;

export const auditLogHandlers: HandlersOf<typeof auditLogRoutes, 'account', 'audit' | 'clock'> = {
  'audit-log.list': async ({ query }, { ports, caller }) => {
    const owner = ownerOf(query, caller);
    const { action, key_id: keyId, target, outcome, since, until } = query;
    const filters = { action, keyId, target, outcome, since, until, platform: query.platform };
    const list = { route: auditLogRoutes.list.id, tenantId: owner ?? '', filters };
    const { cursor, limit } = listRange(list, query);
    const isWanted: Wanted = (line) =>
      (action === undefined || line.action === action) &&
      (keyId === undefined || line.keyId === keyId) &&
      (target === undefined || line.target === target) &&
      (outcome === undefined || (line.outcome ?? 'unknown') === outcome);
    const range = {
      since: Math.max(since ?? 0, ports.clock.now() - AUDIT_MS),
      ...(until !== undefined && { until }),
      ...(cursor !== undefined && { before: cursor }),
      limit,
    };
    const { lines, next } = await search(ports, owner, range, isWanted);
    return { data: lines.map(auditLineJson), next_cursor: writeCursor(list, next) };
  },
};

/** The first `limit` lines that are wanted, of the first {@link MOST_READ}. `next`: where to go on, if there is more. */
async function search(
  { audit }: Pick<Ports, 'audit'>,
  owner: string | undefined,
  range: AuditRange,
  isWanted: Wanted,
): Promise<{ lines: AuditLine[]; next: string | undefined }> {
  const lines: AuditLine[] = [];
  let { before } = range;
  for (let read = 0; read < MOST_READ;) {
    const page = await audit.page(owner, { ...range, ...(before !== undefined && { before }), limit: READ_AT_ONCE });
    for (const line of page) {
      before = line.id;
      if (isWanted(line)) lines.push(line);
      if (lines.length > range.limit) return { lines: lines.slice(0, -1), next: lines.at(-2)?.id };
    }
    if (page.length < READ_AT_ONCE) return { lines, next: undefined };
    read += page.length;
  }
  return { lines, next: before };
}
