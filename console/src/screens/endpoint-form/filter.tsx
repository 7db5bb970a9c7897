import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { FilterTestResult } from '@postrider/sdk';
import type { KnownType } from '../../data/catalogue.ts';
import type { Form } from '../../data/form.ts';
import { wordsOf } from '../../parts/error-box.tsx';
import { Field } from '../../parts/field.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { FormValues } from './values.ts';

const words = t.endpointForm.filter;
const WAIT_MS = 350;
const SAMPLE = { id: 'order-1', total: 120, customer: { country: 'DE' } };

/** What the data has to be, tried on a sample while it is written. */
export function Filter({ form, types }: { form: Form<FormValues>; types: readonly KnownType[] }) {
  const { filter, events } = form.values;
  const [sample, setSample] = useState<string>();
  const example = types.find(({ type, example }) => example !== undefined && events.includes(type))?.example ?? SAMPLE;
  const data = sample ?? JSON.stringify(example, undefined, 2);
  const isJson = filter.trim() === '' || parsed(filter) !== undefined;
  return (
    <>
      <Field
        label={words.label}
        isOptional={t.optional}
        hint={words.hint}
        wrong={form.wrong('filter') ?? (isJson ? undefined : words.notJson)}
      >
        {(control) => (
          <textarea
            {...control}
            rows={4}
            spellcheck={false}
            placeholder='{ "total": { "$gte": 100 } }'
            value={filter}
            onInput={(event) => form.set({ filter: event.currentTarget.value })}
          />
        )}
      </Field>
      {filter.trim() !== '' && (
        <Field label={words.sample}>
          {(control) => (
            <textarea
              {...control}
              rows={5}
              spellcheck={false}
              value={data}
              onInput={(event) => setSample(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Trial filter={filter} data={data} />
    </>
  );
}

function Trial({ filter, data }: { filter: string; data: string }) {
  const result = useSignal<FilterTestResult | { error: unknown } | undefined>(undefined);
  useEffect(() => {
    const [condition, value] = [parsed(filter), parsed(data)];
    result.value = undefined;
    if (condition === undefined || value === undefined) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const test = { filter: condition as Record<string, unknown>, data: value };
        result.value = await api().filters.test(test, { signal: controller.signal });
      } catch (error) {
        if (!controller.signal.aborted) result.value = { error };
      }
    }, WAIT_MS);
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [filter, data]);
  const shown = result.value;
  if (!shown) return null;
  return (
    <p class="field" role="status">
      {'error' in shown ? <span class="bad">{wordsOf(shown.error)}</span> : <Result result={shown} />}
    </p>
  );
}

function Result({ result: { matches, mismatch } }: { result: FilterTestResult }) {
  if (matches || !mismatch) return <span class="good">{words.matches}</span>;
  const { path, operator, expected, found } = mismatch;
  return <span class="wait">{words.differs(path, operator, expected, found)}</span>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
