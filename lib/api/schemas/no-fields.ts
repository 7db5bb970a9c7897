import * as z from 'zod';

/** The body of a call that needs none, and the query of a route without parameters. */
export const noFields = z.strictObject({});
