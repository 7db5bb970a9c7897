import { expect, it } from 'vitest';
import { openApi } from '../../../lib/api/openapi/document.ts';
import { problemsOf } from './redocly.ts';

it('has no error and no warning by Redocly’s strict rules', { timeout: 60_000 }, () => {
  expect(problemsOf(openApi(), 'recommended-strict')).toEqual([]);
});

it('would be told of a reference to nothing', { timeout: 60_000 }, () => {
  const document = openApi();
  const { Failure: _, ...responses } = document.components.responses;
  const rules = problemsOf(
    { ...document, components: { ...document.components, responses } },
    'recommended-strict',
  ).map(({ ruleId }) => ruleId);
  expect(new Set(rules)).toEqual(new Set(['no-unresolved-refs']));
});
