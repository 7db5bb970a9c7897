import type { EventCatalogue } from '../catalogue.ts';

export const catalogue: EventCatalogue = [
  { category: 'Workflow Events', events: [{ type: 'workflow.completed', description: 'A workflow was completed' }] },
  { category: 'Approval Events', events: [{ type: 'approval.requested', description: 'An approval was requested' }] },
  { category: 'API Key Events', events: [{ type: 'api_key.revoked', description: 'An API key was revoked' }] },
];
