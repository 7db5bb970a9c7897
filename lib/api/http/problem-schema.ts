import * as z from 'zod';

export const problem = z
  .object({
    type: z.string().meta({ description: 'A stable reference of the kind of problem.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What to do.' }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'One for each field that must change.' }),
    instance: z.string().optional().meta({ description: 'Names this failure in the log.' }),
  })
  .meta({ description: 'RFC 9457 problem details.' });

export type Problem = z.infer<typeof problem>;
