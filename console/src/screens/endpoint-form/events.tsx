import { useSignal } from '@preact/signals';
import type { KnownType } from '../../data/catalogue.ts';
import type { Form } from '../../data/form.ts';
import { Check, TextField } from '../../parts/field.tsx';
import { t } from '../../texts/index.ts';
import type { FormValues } from './values.ts';

const words = t.endpointForm.events;
const EVERY = '*';

/** Which events it gets: everything, whole categories, single types, and patterns of one's own. */
export function Events({ form, types }: { form: Form<FormValues>; types: readonly KnownType[] }) {
  const { events } = form.values;
  const wrong = form.wrong('events');
  const toggle = (pattern: string, isOn: boolean) =>
    form.set({ events: isOn ? [...events, pattern] : events.filter((one) => one !== pattern) });
  const isEvery = events.includes(EVERY);
  return (
    <fieldset class="field" aria-invalid={wrong === undefined ? undefined : 'true'} tabIndex={-1}>
      <legend>{words.label}</legend>
      <Check label={words.every} value={isEvery} onValue={(isOn) => form.set({ events: isOn ? [EVERY] : [] })} />
      {!isEvery && (
        <>
          <Categories types={types} events={events} toggle={toggle} />
          <Others types={types} events={events} toggle={toggle} />
        </>
      )}
      {wrong !== undefined && <span class="wrong">{wrong}</span>}
    </fieldset>
  );
}

interface ChoiceProps {
  types: readonly KnownType[];
  events: readonly string[];
  toggle: (pattern: string, isOn: boolean) => void;
}

function Categories({ types, events, toggle }: ChoiceProps) {
  const byCategory = Map.groupBy(types, ({ category }) => category);
  return (
    <div class="boxes">
      {[...byCategory].map(([category, members]) => {
        const whole = category === undefined ? undefined : `@${category}`;
        const isWhole = whole !== undefined && events.includes(whole);
        return (
          <div key={category ?? ''}>
            {whole === undefined ? (
              <span class="strong">{byCategory.size > 1 && words.other}</span>
            ) : (
              <Check
                label={
                  <>
                    <span class="strong">{words.whole(category as string)}</span>{' '}
                    <span class="faint num">{members.length}</span>
                  </>
                }
                value={isWhole}
                onValue={(isOn) => toggle(whole, isOn)}
              />
            )}
            {!isWhole && <Types types={members} events={events} toggle={toggle} />}
          </div>
        );
      })}
    </div>
  );
}

function Types({ types, events, toggle }: ChoiceProps) {
  return (
    <div class="types">
      {types.map(({ type, description, isDeprecated }) => (
        <div key={type} title={description}>
          <Check
            label={
              <>
                {type} {isDeprecated && <span class="faint">{words.deprecated}</span>}
              </>
            }
            value={events.includes(type)}
            onValue={(isOn) => toggle(type, isOn)}
          />
        </div>
      ))}
    </div>
  );
}

/** Patterns that no box stands for. */
function Others({ types, events, toggle }: ChoiceProps) {
  const typed = useSignal('');
  const boxes = new Set(types.flatMap(({ type, category }) => [type, `@${category}`]));
  const others = events.filter((pattern) => !boxes.has(pattern));
  const add = () => {
    const pattern = typed.peek().trim();
    if (pattern !== '' && !events.includes(pattern)) toggle(pattern, true);
    typed.value = '';
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  return (
    <>
      {others.length > 0 && (
        <ul class="chips">
          {others.map((pattern) => (
            <li key={pattern} class="chip">
              <span class="mono">{pattern}</span>
              <button type="button" aria-label={words.remove(pattern)} onClick={() => toggle(pattern, false)}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="inline">
        <TextField
          label={words.more}
          hint={words.moreHint}
          value={typed.value}
          onValue={(value) => {
            typed.value = value;
          }}
          // What was typed counts, also without a click on the button.
          input={{ spellcheck: false, class: 'mono', onKeyDown, onBlur: add }}
        />
      </div>
    </>
  );
}
