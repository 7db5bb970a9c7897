import { useState } from 'preact/hooks';
import type { Endpoint, EndpointRotated, EndpointSecret } from '@postrider/sdk';
import { isChat } from '../../data/dialects.ts';
import { SecretDialog } from '../../parts/secret-dialog.tsx';
import { Ago } from '../../parts/time.tsx';
import { may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { RotateDialog } from './rotate-dialog.tsx';

const words = t.endpoint.secrets;

/** What signs its requests: fingerprints and times, never the secrets. */
export function Secrets({ endpoint }: { endpoint: Endpoint }) {
  const [isAsking, ask] = useState(false);
  const [rotated, setRotated] = useState<EndpointRotated>();
  const { secrets, status } = endpoint;
  const isSigned = secrets.some(({ use }) => use === 'signing');
  const isOfChat = isChat(endpoint.dialect);
  const isShown = rotated?.signing_secret ?? rotated?.standard_signing_secret;
  return (
    <section class="card">
      <div class="card-head">
        <h2>{words.title}</h2>
        {status !== 'revoked' && may('endpoints:write') && (isSigned || !isOfChat) && (
          <button onClick={() => ask(true)}>{isSigned ? words.rotate : words.sign}</button>
        )}
      </div>
      <ul class="panel">
        {!isSigned && <li class="soft">{noneWords(status, isOfChat)}</li>}
        {secrets.map((secret) => (
          <Secret key={secret.use + secret.fingerprint} secret={secret} />
        ))}
      </ul>
      {isAsking && <RotateDialog endpoint={endpoint} onClose={() => ask(false)} onRotated={setRotated} />}
      {isShown && rotated && (
        <SecretDialog
          secret={rotated.signing_secret}
          standardSecret={rotated.standard_signing_secret}
          onClose={() => setRotated(undefined)}
        />
      )}
    </section>
  );
}

function noneWords(status: Endpoint['status'], isOfChat: boolean): string {
  if (status === 'revoked') return words.none;
  return isOfChat ? words.chat : words.unsigned;
}

function Secret({ secret: { use, fingerprint, created_at, activates_at, expires_at } }: { secret: EndpointSecret }) {
  const isLater = activates_at !== null && Date.parse(activates_at) > Date.now();
  return (
    <li>
      <div>
        <code>{fingerprint}</code> <span class="soft">{words.uses[use]}</span>
      </div>
      <div class="faint">
        {isLater ? (
          <>
            {words.from} <Ago at={activates_at} />
          </>
        ) : (
          <>
            {words.since} <Ago at={created_at} />
          </>
        )}
        {expires_at !== null && (
          <>
            {' · '}
            {words.until} <Ago at={expires_at} />
          </>
        )}
      </div>
    </li>
  );
}
