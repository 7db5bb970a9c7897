import * as z from 'zod';

/** The part of a query that asks for the platform's own instead of a tenant's. */
export const ofPlatform = {
  platform: z.enum(['true', 'false']).default('false').meta({
    id: 'OfPlatform',
    description: 'true: the platform’s own, instead of a tenant’s; for platform keys only.',
  }),
};

/** The query of a route that has no other part. */
export const ofPlatformQuery = z.strictObject(ofPlatform);
