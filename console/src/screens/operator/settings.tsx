import type { OpsSetting } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { api } from '../../session/session.ts';
import { LANGUAGE, t } from '../../texts/index.ts';

const words = t.operator.settings;
const number = new Intl.NumberFormat(LANGUAGE);

/** What is in force. Nothing is changed here. */
export function Screen() {
  const settings = useLoad((signal) => api().ops.settings({ signal }), 'settings');
  return (
    <Page title={words.title}>
      <p class="soft readable above">{words.lead}</p>
      <Shown of={settings}>
        {({ data }) => (
          <ul class="card rows" aria-label={words.title}>
            {data.map((setting) => (
              <li key={setting.name} class="setting-row">
                <div>
                  <code class="strong">{setting.name}</code>
                  <div class="soft">{setting.description}</div>
                </div>
                <div class="num">{valueOf(setting)}</div>
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </Page>
  );
}

function valueOf({ value, unit }: OpsSetting): string {
  if (value === null || value === '') return words.notSet;
  if (typeof value === 'boolean') return value ? words.on : words.off;
  const shown = typeof value === 'number' ? number.format(value) : value;
  return unit === null ? shown : `${shown} ${unit}`;
}
