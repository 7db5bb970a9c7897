import type { OperationalType } from '../domain/operational-event.ts';

/** An alert for people and programs that get no webhooks. */
export interface AlertMessage {
  /** Of the operational event: the same each time that this alert is sent. */
  id: string;
  type: OperationalType;
  tenantId: string;
  /** When it was raised: milliseconds since the Unix epoch. */
  at: number;
  /** Of the operational event, as JSON text. */
  data: string;
}

/** What became of an alert: `nobody`, it is for nobody there. */
export type Handed = 'taken' | 'nobody';

/** Where alerts go besides operational events; what the deployment does not have is absent. */
export interface AlertChannels {
  /** To the operator's topic, of all tenants. @throws ServiceFault */
  publish?(message: AlertMessage): Promise<Handed>;
  /** To the tenant's address. @throws ServiceFault */
  mail?(message: AlertMessage): Promise<Handed>;
}
