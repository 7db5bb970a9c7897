import * as z from 'zod';

export const health = z
  .object({ status: z.literal('ok').meta({ description: 'Always `ok`: a service that is down does not answer.' }) })
  .meta({ id: 'Health', description: 'The service is up.', examples: [{ status: 'ok' }] });

export const openApiDocument = z
  .looseObject({ openapi: z.string().meta({ description: 'The version of OpenAPI.' }) })
  .meta({ id: 'OpenApiDocument', description: 'An OpenAPI document.', examples: [{ openapi: '3.1.0' }] });
export type OpenApiDocument = z.infer<typeof openApiDocument>;
