import type { Endpoint } from '@postrider/sdk';
import { curl } from '../../data/curl.ts';
import { Code } from '../../parts/copy.tsx';
import { segment } from '../../router/place.ts';
import { t } from '../../texts/index.ts';

const words = t.endpoint.polling;

/** How a server gets the deliveries of an endpoint that nothing is sent to. */
export function Polling({ endpoint: { id } }: { endpoint: Endpoint }) {
  return (
    <section class="card">
      <div class="card-head">
        <h2>{words.title}</h2>
      </div>
      <div class="panel stack">
        <p class="soft">{words.lead}</p>
        <Code text={curl('GET', `/v1/endpoints/${segment(id)}/poll?wait=20`)} label={words.title} />
      </div>
    </section>
  );
}
