import type { Endpoint, EndpointAuth, EndpointCreate, EndpointUpdate, RetryPolicy } from '@postrider/sdk';

type EndpointKind = Endpoint['kind'];

export type AuthChoice = 'keep' | 'none' | EndpointAuth['type'];

/** What the form has in its fields. */
export interface FormValues {
  kind: EndpointKind;
  url: string;
  label: string;
  /** Empty: the whole organization. */
  projectId: string;
  isOfProject: boolean;
  events: readonly string[];
  dialect: string;
  auth: AuthChoice;
  /** Of the header, or of the person. */
  authName: string;
  authSecret: string;
  alsoStandard: boolean;
  asymmetric: boolean;
  /** The switch of dialects whose requests are signed only with a secret of the customer's. */
  hmac: boolean;
  ownSecret: string;
  /** undefined: those that it has stay. */
  headers: readonly (readonly [name: string, value: string])[] | undefined;
  /** A preset; `''`: that of the dialect; `custom`: the delays. */
  retry: string;
  delays: string;
  timeout: string;
  rate: string;
  breaker: boolean;
  autoResume: boolean;
  filter: string;
}

/** The API's names of the fields that the form shows to everybody. */
export const FIELDS = [
  'url',
  'label',
  'project_id',
  'events',
  'auth',
  'headers',
  'retry',
  'timeout_seconds',
  'rate_limit_per_second',
  'filter',
  'signing_secret',
];

export const NEW: FormValues = {
  kind: 'push',
  url: '',
  label: '',
  projectId: '',
  isOfProject: false,
  events: [],
  dialect: 'standard',
  auth: 'none',
  authName: '',
  authSecret: '',
  alsoStandard: false,
  asymmetric: false,
  hmac: false,
  ownSecret: '',
  headers: [],
  retry: '',
  delays: '',
  timeout: '10',
  rate: '',
  breaker: true,
  autoResume: true,
  filter: '',
};

export function valuesOf(endpoint: Endpoint): FormValues {
  const { retry, filter, rate_limit_per_second: rate } = endpoint;
  return {
    ...NEW,
    kind: endpoint.kind,
    url: endpoint.url,
    label: endpoint.label ?? '',
    projectId: endpoint.project_id ?? '',
    isOfProject: endpoint.project_id !== null,
    events: endpoint.events,
    dialect: endpoint.dialect,
    auth: endpoint.auth === null ? 'none' : 'keep',
    alsoStandard: endpoint.also_standard,
    asymmetric: endpoint.asymmetric_signing,
    headers: endpoint.header_names.length === 0 ? [] : undefined,
    retry: 'preset' in retry ? retry.preset : 'custom',
    delays: 'delays' in retry ? retry.delays.join(', ') : '',
    timeout: String(endpoint.timeout_seconds),
    rate: rate === null ? '' : String(rate),
    breaker: endpoint.circuit_breaker,
    autoResume: endpoint.auto_resume,
    filter: filter === null ? '' : JSON.stringify(filter, undefined, 2),
  };
}

/** @param secret that the customer gives */
export function asCreate(values: FormValues, secret: string | undefined): EndpointCreate {
  const { label, isOfProject, projectId, retry, rate, filter } = values;
  const auth = authOf(values);
  const ofPush = {
    url: values.url,
    timeout_seconds: numberOf(values.timeout),
    ...(auth && { auth }),
    ...(values.headers && values.headers.length > 0 && { headers: headersOf(values.headers) }),
    ...(retry && { retry: retryOf(values) }),
    ...(rate.trim() && { rate_limit_per_second: numberOf(rate) }),
  };
  return {
    kind: values.kind,
    events: [...values.events],
    dialect: values.dialect,
    also_standard: values.alsoStandard,
    asymmetric_signing: values.asymmetric,
    ...(values.kind === 'push' && ofPush),
    ...(label && { label }),
    ...(isOfProject && { project_id: projectId }),
    ...(filter.trim() && { filter: filterOf(filter) }),
    ...(secret !== undefined && { signing_secret: secret }),
  };
}

/** Everything that the form shows, so that what was emptied is removed. */
export function asUpdate(values: FormValues): EndpointUpdate {
  const { headers, rate, filter, auth } = values;
  const ofPush = {
    url: values.url,
    retry: retryOf(values),
    timeout_seconds: numberOf(values.timeout),
    rate_limit_per_second: rate.trim() ? numberOf(rate) : null,
    circuit_breaker: values.breaker,
    auto_resume: values.autoResume,
    ...(auth !== 'keep' && { auth: authOf(values) ?? null }),
    ...(headers && { headers: headersOf(headers) }),
  };
  return {
    label: values.label || null,
    events: [...values.events],
    project_id: values.isOfProject ? values.projectId : null,
    filter: filter.trim() ? filterOf(filter) : null,
    also_standard: values.alsoStandard,
    asymmetric_signing: values.asymmetric,
    ...(values.kind === 'push' && ofPush),
  };
}

function authOf({ auth, authName, authSecret }: FormValues): EndpointAuth | undefined {
  if (auth === 'bearer') return { type: 'bearer', token: authSecret };
  if (auth === 'basic') return { type: 'basic', username: authName, password: authSecret };
  if (auth === 'header') return { type: 'header', name: authName, value: authSecret };
  return undefined;
}

function retryOf({ retry, delays }: FormValues): RetryPolicy {
  if (retry !== 'custom') return { preset: retry } as RetryPolicy;
  return {
    delays: delays
      .split(/[\s,;]+/)
      .filter((part) => part !== '')
      .map(numberOf),
  };
}

/** What is none is the API's to refuse, in its words and at its field; as JSON it would be null, which removes a limit. */
function numberOf(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : (text as unknown as number);
}

function filterOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return text as unknown as Record<string, unknown>;
  }
}

function headersOf(headers: NonNullable<FormValues['headers']>): Record<string, string> {
  return Object.fromEntries(headers.filter(([name, value]) => name !== '' || value !== ''));
}

const HIDDEN = '••••••';

/** The header that authenticates, as a preview shows it. */
export function authHeaderOf({ auth, authName }: FormValues): Record<string, string> {
  if (auth === 'bearer') return { authorization: `Bearer ${HIDDEN}` };
  if (auth === 'basic') return { authorization: `Basic ${HIDDEN}` };
  return auth === 'header' && authName !== '' ? { [authName.toLowerCase()]: HIDDEN } : {};
}
