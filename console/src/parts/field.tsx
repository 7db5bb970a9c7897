import type { ComponentChildren, InputHTMLAttributes, JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldProps {
  label: string;
  /** Why the service refused it. */
  wrong?: string | undefined;
  hint?: ComponentChildren;
  isOptional?: string | undefined;
}

/** What a control needs so that its label, its hint and its refusal belong to it. */
export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
}

/** A label, a control, a hint, and the service's words when it refused what stands there. */
export function Field({
  label,
  wrong,
  hint,
  isOptional,
  children,
}: FieldProps & { children: (control: ControlProps) => JSX.Element }) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, wrong !== undefined && `${id}-wrong`].filter(Boolean);
  return (
    <div class="field">
      <label for={id}>
        {label} {isOptional && <span class="faint">{isOptional}</span>}
      </label>
      {children({
        id,
        'aria-describedby': described.join(' ') || undefined,
        'aria-invalid': wrong === undefined ? undefined : 'true',
      })}
      {wrong !== undefined && (
        <span class="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
      {hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  value: string;
  onValue: (value: string) => void;
  /** Of the element. */
  input?: InputHTMLAttributes<HTMLInputElement>;
}

export function TextField({ value, onValue, input, ...field }: TextFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <input
          autocomplete="off"
          {...input}
          {...control}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface ChoiceProps<Value extends string> extends FieldProps {
  value: Value;
  onValue: (value: Value) => void;
  choices: readonly (readonly [value: Value, label: string])[];
}

/** One of a few, side by side. */
export function Choice<Value extends string>({ label, hint, wrong, value, onValue, choices }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset class="field">
      <legend>{label}</legend>
      <div>
        <span class="seg">
          {choices.map(([one, words]) => (
            <label key={one}>
              <input type="radio" name={name} checked={one === value} onChange={() => onValue(one)} />
              {words}
            </label>
          ))}
        </span>
      </div>
      {wrong !== undefined && <span class="wrong">{wrong}</span>}
      {hint !== undefined && <span class="hint">{hint}</span>}
    </fieldset>
  );
}

interface CheckProps {
  label: ComponentChildren;
  value: boolean;
  onValue: (value: boolean) => void;
}

export function Check({ label, value, onValue }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={value} onChange={(event) => onValue(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

interface SelectProps<Value extends string> {
  /** For screen readers, where no label is seen. */
  label: string;
  value: Value;
  onValue: (value: Value) => void;
  choices: readonly (readonly [value: Value, label: string])[];
}

export function Select<Value extends string>({ label, value, onValue, choices }: SelectProps<Value>) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onValue(event.currentTarget.value as Value)}>
      {choices.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
}
