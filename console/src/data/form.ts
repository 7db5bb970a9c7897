import { useSignal } from '@preact/signals';
import { ApiError } from '@postrider/sdk';
import { type Action, useAction } from './action.ts';
import type { SecondFactorOptions } from '@postrider/sdk';

export interface Form<Values> {
  values: Values;
  set: (changes: Partial<Values>) => void;
  /** The API's words about a field, or about a part of it (`events[0]`, `auth.token`). */
  wrong: (field: string) => string | undefined;
  /** What is about none of the form's fields. */
  error: unknown;
  isBusy: boolean;
  onSubmit: (event: SubmitEvent) => void;
  submit: () => Promise<boolean>;
}

/**
 * A form whose fields have the API's names, so that its refusals stand at the fields that they are about.
 * @param fields the names of those that the form shows; a refusal of another one stands above the form
 */
export function useForm<Values extends object>(
  initial: Values,
  fields: readonly string[],
  send: (values: Values, options: SecondFactorOptions) => Promise<unknown>,
): Form<Values> {
  const values = useSignal(initial);
  const action: Action<[]> = useAction((options) => send(values.peek(), options));
  const refusals = action.error instanceof ApiError ? action.error.fields : [];
  const isOf = (field: string, name: string) =>
    field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`);
  const isShown = refusals.length > 0 && refusals.every(({ field }) => fields.some((name) => isOf(field, name)));
  const submit = async () => {
    const isDone = await action.run();
    if (!isDone) requestAnimationFrame(focusFirstWrong);
    return isDone;
  };
  return {
    values: values.value,
    set: (changes) => {
      values.value = { ...values.peek(), ...changes };
    },
    wrong: (name) => {
      const about = refusals.filter(({ field }) => isOf(field, name));
      return about.length === 0 ? undefined : about.map(({ message }) => message.replaceAll('`', '')).join(' ');
    },
    error: isShown ? undefined : action.error,
    isBusy: action.isBusy,
    onSubmit: (event) => {
      event.preventDefault();
      void submit();
    },
    submit,
  };
}

function focusFirstWrong(): void {
  const wrong = document.querySelector<HTMLElement>('[aria-invalid="true"], .error-box');
  // What is folded away takes no focus, and its words would not be seen.
  wrong?.closest('details')?.setAttribute('open', '');
  wrong?.focus();
}
