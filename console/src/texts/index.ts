import { alerts } from './en/alerts.ts';
import { apiKeys } from './en/api-keys.ts';
import { audit } from './en/audit.ts';
import { catalogue } from './en/catalogue.ts';
import { events } from './en/events.ts';
import { secondFactorPage } from './en/second-factor-page.ts';
import { common } from './en/common.ts';
import { delivery } from './en/delivery.ts';
import { endpoint } from './en/endpoint.ts';
import { endpointForm } from './en/endpoint-form.ts';
import { endpoints } from './en/endpoints.ts';
import { history } from './en/history.ts';
import { operator } from './en/operator.ts';
import { session } from './en/session.ts';
import { statuses } from './en/statuses.ts';

/** Every word that the console says, by where it says it. Another language is a folder beside `en/` of the same shape. */
export const t = {
  ...common,
  session,
  statuses,
  endpoint,
  endpoints,
  endpointForm,
  history,
  delivery,
  events,
  catalogue,
  alerts,
  apiKeys,
  secondFactorPage,
  audit,
  operator,
};

/** The language of numbers, dates and plurals: the English whose clock has 24 hours, as that of logs has. */
export const LANGUAGE = 'en-GB';
