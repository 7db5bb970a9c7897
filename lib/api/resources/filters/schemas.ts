import * as z from 'zod';
import { refuseFilter } from '../../../domain/filter/filter-policy.ts';

export const EXAMPLE_FILTER = { status: 'done', priority: { $gte: 3 } };

/** Passed on as it was parsed, like `data`: its numbers are exact, and it may name any member. */
const filter = z.unknown().superRefine(checkFilter);

function checkFilter(value: unknown, context: z.RefinementCtx): void {
  const mistake = refuseFilter(value);
  if (mistake) context.addIssue({ code: 'custom', path: [...mistake.path], message: mistake.message });
}

const FILTER_META = {
  type: 'object',
  description:
    'What the data of an event has to be (docs/filters.md): fields and their values, with the operators `$eq $neq $gt $gte $lt $lte $in $nin $exist $startsWith $endsWith $or $and $not`. `{}` lets everything through. At most 2 KB, 30 conditions and 10 levels.',
  examples: [EXAMPLE_FILTER],
};

/** Of a new endpoint. */
export const filterGiven = filter.optional().meta(FILTER_META);

export const filterEdit = z
  .unknown()
  .superRefine((value, context) => {
    if (value !== null) checkFilter(value, context);
  })
  .optional()
  .meta({ ...FILTER_META, type: ['object', 'null'], description: `${FILTER_META.description} null removes it.` });

export const filterShown = z.unknown().meta({
  type: ['object', 'null'],
  description: 'What the data of an event has to be; null: whatever it is.',
});

export const filterTest = z
  .strictObject({
    filter: filter.meta(FILTER_META),
    data: z.unknown().meta({ description: 'The `data` of an event.', examples: [{ status: 'done', priority: 2 }] }),
  })
  .meta({
    id: 'FilterTest',
    description: 'A filter and the data of an event.',
    examples: [{ filter: EXAMPLE_FILTER, data: { status: 'done', priority: 2 } }],
  });

const EXAMPLE_MISMATCH = { path: '/priority', operator: '$gte', expected: '3', found: '2' };

const filterMismatch = z
  .object({
    path: z.string().meta({ description: 'Where in the data: a JSON Pointer (RFC 6901).' }),
    operator: z.string().meta({ description: 'What does not hold; `$eq` for a value that stands alone.' }),
    expected: z.string().meta({ description: 'What the operator was given, as JSON text.' }),
    found: z
      .string()
      .nullable()
      .meta({ description: 'What is there, as JSON text, cut after 1,000 characters; null: nothing is there.' }),
  })
  .meta({ id: 'FilterMismatch', description: 'A condition that does not hold.', examples: [EXAMPLE_MISMATCH] });

export const filterTestResult = z
  .object({
    matches: z.boolean().meta({ description: 'Would an endpoint with this filter get the event?' }),
    mismatch: filterMismatch.nullable().meta({ description: 'The first condition that does not hold; null: all do.' }),
  })
  .meta({
    id: 'FilterTestResult',
    description: 'Whether data matches a filter, and why not.',
    examples: [{ matches: false, mismatch: EXAMPLE_MISMATCH }],
  });
