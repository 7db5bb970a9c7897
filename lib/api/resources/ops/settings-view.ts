import { DAY } from '../../../domain/durations.ts';
import type { ApiSettings } from '../../api-settings.ts';

interface Setting {
  name: string;
  value: string | number | boolean | null;
  unit: string | null;
  description: string;
}

/** What the deployment has decided, as far as the API knows it. */
export function settingsJson(settings: ApiSettings): Setting[] {
  const { refusesUnknown = false, dataCheck = 'off' } = settings.eventTypePolicy;
  return [
    number('log_ttl', settings.logTtlMs / DAY, 'days', 'How long events, deliveries and jobs are kept.'),
    number('max_endpoints', settings.maxEndpoints, 'endpoints', 'That a tenant may have.'),
    number('max_api_keys', settings.maxApiKeys, 'keys', 'Live API keys that a tenant may have.'),
    number('max_body', settings.maxBodyBytes, 'bytes', 'Of a request, and of an event in a batch.'),
    number('max_batch', settings.maxBatchBytes, 'bytes', 'Of a batch of events.'),
    other('require_mfa', settings.requireMfa, 'Are sensitive calls refused without a second factor?'),
    other('default_dialect', settings.defaultDialect, 'Of endpoints that name none.'),
    other('unknown_types', refusesUnknown ? 'refuse' : 'accept', 'Events whose type is not in the catalogue.'),
    other('data_check', dataCheck, 'What happens to data that does not match its schema.'),
    other('allow_http', settings.allowHttp, 'May endpoints have http: URLs?'),
    other('allow_loopback', settings.allowLoopback, 'May endpoints lie on this machine?'),
    other('console_url', settings.consoleUrl() ?? null, 'Where the links of sessions lead.'),
  ];
}

function number(name: string, value: number, unit: string, description: string): Setting {
  return { name, value, unit, description };
}

function other(name: string, value: string | boolean | null, description: string): Setting {
  return { name, value, unit: null, description };
}
