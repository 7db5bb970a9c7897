import type { Statement } from '../database/statement.ts';
import type { StatusQuery } from '../../../ports/delivery-log.ts';
import type { Database } from '../database/database.ts';
import { UNEXPIRED } from '../database/log-lifetime.ts';

type ByOrder = Record<StatusQuery['order'], Statement>;

/** The statements that list deliveries; each starts after the position in its parameters. */
export interface DeliveryPages {
  ofEndpoint: Statement;
  ofStatus: ByOrder;
  ofEndpointStatus: ByOrder;
}

export function prepareDeliveryPages(database: Database): DeliveryPages {
  return {
    ofEndpoint: database.prepare(
      `SELECT body FROM deliveries
       WHERE tenant = :tenant AND endpoint = :endpoint AND (event, ordinal) < (:event, :ordinal) AND event >= :since
         AND ${UNEXPIRED}
       ORDER BY event DESC, ordinal DESC LIMIT :limit`,
    ),
    ofStatus: inBothOrders((after, direction) =>
      database.prepare(
        `SELECT body FROM deliveries INDEXED BY deliveries_by_status
         WHERE tenant = :tenant AND status = :status AND status <> 'delivered'
           AND (event, endpoint, ordinal) ${after} (:event, :endpoint, :ordinal) AND event >= :since AND event < :until
           AND ${UNEXPIRED}
         ORDER BY event ${direction}, endpoint ${direction}, ordinal ${direction} LIMIT :limit`,
      ),
    ),
    ofEndpointStatus: inBothOrders((after, direction) =>
      database.prepare(
        `SELECT body FROM deliveries INDEXED BY deliveries_by_endpoint_status
         WHERE tenant = :tenant AND endpoint = :endpoint AND status = :status AND status <> 'delivered'
           AND (event, ordinal) ${after} (:event, :ordinal) AND event >= :since AND event < :until AND ${UNEXPIRED}
         ORDER BY event ${direction}, ordinal ${direction} LIMIT :limit`,
      ),
    ),
  };
}

function inBothOrders(prepare: (after: '>' | '<', direction: 'ASC' | 'DESC') => Statement): ByOrder {
  return { 'oldest-first': prepare('>', 'ASC'), 'newest-first': prepare('<', 'DESC') };
}
