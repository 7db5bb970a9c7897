import { useState } from 'preact/hooks';
import { TextField } from '../../parts/field.tsx';
import { go } from '../../router/place.ts';
import { t } from '../../texts/index.ts';

/** A tenant is known by its id, which the operator has from a ticket more often than from a list. */
export function GoToTenant() {
  const [id, setId] = useState('');
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (id.trim() !== '') go('/endpoints', { tenant: id.trim() });
  };
  return (
    <form class="go-to" role="search" onSubmit={onSubmit}>
      <TextField
        label={t.operator.tenants.find}
        value={id}
        onValue={setId}
        input={{ class: 'mono', spellcheck: false, 'data-search': '' } as object}
      />
      <button>{t.operator.tenants.see}</button>
    </form>
  );
}
