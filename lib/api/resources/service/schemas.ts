import * as z from 'zod';

export const health = z.object({ status: z.literal('ok') });

export const openApiDocument = z.looseObject({ openapi: z.string() });
export type OpenApiDocument = z.infer<typeof openApiDocument>;
