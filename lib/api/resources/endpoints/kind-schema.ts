import * as z from 'zod';

export const kind = z.enum(['push', 'poll']).meta({
  id: 'EndpointKind',
  description:
    'push: requests are sent to its `url`, which is required. poll: consumers ask for them (docs/polling.md). It never changes.',
});
