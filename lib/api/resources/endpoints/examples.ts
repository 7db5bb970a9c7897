import { EXAMPLE_IDS } from '../../schemas/ids.ts';
import { EXAMPLE_FILTER } from '../filters/schemas.ts';

/** An endpoint as answers show it. */
export const EXAMPLE = {
  id: EXAMPLE_IDS.endpoint,
  tenant_id: EXAMPLE_IDS.tenant,
  kind: 'push',
  url: 'https://example.com/hooks',
  label: 'Build bot',
  events: ['task.*'],
  project_id: 'proj_1',
  filter: EXAMPLE_FILTER,
  dialect: 'standard',
  generation: 3,
  status: 'active',
  status_reason: null,
  header_names: ['x-source'],
  auth: { type: 'bearer', header: 'authorization' },
  retry: { preset: 'standard' },
  timeout_seconds: 10,
  rate_limit_per_second: 50,
  circuit_breaker: true,
  auto_resume: true,
  also_standard: false,
  asymmetric_signing: false,
  secrets: [
    {
      use: 'signing' as const,
      fingerprint: '5d41402a',
      created_at: '2026-02-06T11:58:00.000Z',
      activates_at: null,
      expires_at: null,
    },
  ],
  metadata: { owner: 'build' },
  last_attempted_at: '2026-02-06T12:00:01.250Z',
  last_success_at: '2026-02-06T12:00:01.250Z',
  last_status_code: 200,
  consecutive_failures: 0,
  slow_since: null,
  created_at: '2026-02-06T11:58:00.000Z',
  updated_at: '2026-02-06T11:58:00.000Z',
};
export const EXAMPLE_STANDARD_SECRET = 'whsec_Zm9ydHktdHdvIGJ5dGVzIG9mIGEgc2Vjb25kIHNlY3JldCE=';
export const EXAMPLE_SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3';
