import { useState } from 'preact/hooks';
import { Code } from '../../parts/copy.tsx';
import { Choice, Select } from '../../parts/field.tsx';
import { dialectOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';
import type { ChosenDialect } from './dialect.ts';
import { LANGUAGES, type Language, UNSIGNED, snippetOf } from './snippets.ts';

const words = t.catalogue;

/** How a receiver checks that a request came from here, in the reader's language. */
export function Verify({ chosen, names, choose }: ChosenDialect) {
  const [language, setLanguage] = useState<Language>('node');
  const snippet = snippetOf(chosen, language);
  return (
    <section class="card padded stack">
      <h2>{words.verify}</h2>
      <p class="soft readable">{words.verifyLead}</p>
      <div class="row-flex">
        <label class="row-flex">
          <span>{words.dialect}</span>
          <Select
            label={words.dialect}
            value={chosen}
            onValue={choose}
            choices={names.map((name) => [name, dialectOf({ dialect: name })] as const)}
          />
        </label>
      </div>
      {snippet === undefined ? (
        <p>{UNSIGNED.has(chosen) ? words.noSignature : words.ownDialect}</p>
      ) : (
        <>
          <Choice label={words.language} value={language} onValue={setLanguage} choices={LANGUAGES} />
          <Code text={snippet} label={words.verify} />
        </>
      )}
    </section>
  );
}
