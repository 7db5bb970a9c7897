import type { Endpoint } from '@postrider/sdk';

/** What a row asks the person first, in a dialog. */
export interface Asked {
  what: 'reactivate' | 'disable';
  endpoint: Endpoint;
}
