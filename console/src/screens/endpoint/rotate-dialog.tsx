import type { Endpoint, EndpointRotated, SecretRotation, SecretUse } from '@postrider/sdk';
import { isChat, useDialects } from '../../data/dialects.ts';
import { type Form, useForm } from '../../data/form.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Choice, TextField } from '../../parts/field.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.endpoint.secrets.rotation;
const DAY = '86400';

interface RotateProps {
  endpoint: Endpoint;
  onClose: () => void;
  onRotated: (rotated: EndpointRotated) => void;
}

interface Values {
  use: SecretUse;
  seconds: string;
  /** Empty: one is made. */
  own: string;
}

/** Asks which secret, and how the change goes: with both for a while, or from one to the other at a time. */
export function RotateDialog({ endpoint, onClose, onRotated }: RotateProps) {
  const dialects = useDialects();
  const isFirst = !endpoint.secrets.some(({ use }) => use === 'signing');
  const wayOf = (use: SecretUse): Way => {
    // The format that a chat's endpoint was given is not shown: what it does by itself is right.
    if (isChat(endpoint.dialect) || (use === 'signing' && isFirst)) return undefined;
    const dialect = dialects.value?.find(({ name }) => name === endpoint.dialect);
    return use !== 'signing' || dialect?.signature_overlap ? 'overlap_seconds' : 'activate_in_seconds';
  };
  const form = useForm<Values>(
    { use: 'signing', seconds: DAY, own: '' },
    ['signing_secret'],
    async (values, options) => {
      onRotated(
        await api().endpoints.rotateSecret(endpoint.id, rotationOf(values, wayOf(values.use), isFirst), options),
      );
    },
  );
  const confirm = async () => {
    if (dialects.value && (await form.submit())) onClose();
  };
  return (
    <Dialog
      title={isFirst ? words.firstTitle : words.title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={isFirst ? words.first : words.confirm} isBusy={form.isBusy} onClose={onClose} />}
    >
      <p>{isFirst ? words.firstLead : words.lead}</p>
      <Shown of={dialects}>
        {() => <Fields form={form} endpoint={endpoint} isFirst={isFirst} way={wayOf(form.values.use)} />}
      </Shown>
      <ErrorBox error={form.error} />
    </Dialog>
  );
}

/** The field of the rotation that says when. */
type Way = 'overlap_seconds' | 'activate_in_seconds' | undefined;

function rotationOf({ use, seconds, own }: Values, way: Way, isFirst: boolean): SecretRotation {
  return {
    use,
    // An empty one is refused: one that is made would sign nothing.
    ...(use !== 'asymmetric' && (own || isFirst) && { signing_secret: own }),
    ...(way && { [way]: Number(seconds) }),
  };
}

interface FieldsProps {
  form: Form<Values>;
  endpoint: Endpoint;
  isFirst: boolean;
  way: Way;
}

function Fields({ form: { values, set, wrong }, endpoint, isFirst, way }: FieldsProps) {
  const uses = [...new Set<SecretUse>(['signing', ...endpoint.secrets.map(({ use }) => use)])];
  return (
    <>
      {uses.length > 1 && (
        <Choice
          label={words.which}
          value={values.use}
          onValue={(use) => set({ use, own: '' })}
          choices={uses.map((one) => [one, t.endpoint.secrets.uses[one]] as const)}
        />
      )}
      {values.use !== 'asymmetric' && (
        <TextField
          label={t.endpointForm.signature.own}
          hint={isFirst ? words.firstHint : t.endpointForm.signature.ownHint}
          isOptional={isFirst ? undefined : t.optional}
          wrong={wrong('signing_secret')}
          value={values.own}
          onValue={(own) => set({ own })}
          input={{ type: 'password', autocomplete: 'new-password', class: 'mono' }}
        />
      )}
      {way && (
        <Choice
          label={way === 'overlap_seconds' ? words.overlap : words.activate}
          hint={way === 'overlap_seconds' ? words.overlapHint : words.activateHint}
          value={values.seconds}
          onValue={(seconds) => set({ seconds })}
          choices={Object.entries(way === 'overlap_seconds' ? words.overlaps : words.times)}
        />
      )}
    </>
  );
}
