import type { ApiKey } from '@postrider/sdk';

/** What the person was asked, and about which key. */
export type Asked = { what: 'create' } | { what: 'rotate' | 'revoke'; key: ApiKey };
