import * as z from 'zod';

const fieldProblem = z
  .object({
    field: z
      .string()
      .meta({ description: 'Where it is: `events[0]`, `project.id`, a parameter’s or a header’s name.' }),
    message: z.string().meta({ description: 'What to change, as a sentence.' }),
  })
  .meta({
    id: 'FieldProblem',
    description: 'A field that must change.',
    examples: [{ field: 'url', message: '`url`: Use https.' }],
  });

export const problem = z
  .object({
    type: z.string().meta({
      description: '`/problems/` and a code, which stays the same: each operation lists its codes.',
    }),
    title: z.string().meta({ description: 'The status in words.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'What to do.' }),
    errors: z.array(fieldProblem).optional().meta({ description: 'One for each field that must change.' }),
    instance: z.string().optional().meta({ description: 'Names the request in the log: its `X-Request-Id`.' }),
  })
  .meta({
    id: 'Problem',
    description: 'Why a request failed, and what to do: RFC 9457 problem details.',
    examples: [
      {
        type: '/problems/invalid-request',
        title: 'Unprocessable Entity',
        status: 422,
        detail: '`url`: Use https.',
        errors: [{ field: 'url', message: '`url`: Use https.' }],
        instance: '/requests/4f1c2a90d7e35b68',
      },
    ],
  });

export type Problem = z.infer<typeof problem>;
