import type { EventCatalogue } from '../catalogue.ts';

export const catalogue: EventCatalogue = [
  {
    category: 'Core Events',
    events: [
      { type: 'decision.checked', description: 'A trust decision was evaluated for an agent' },
      { type: 'provider.report.ingested', description: 'A provider report was ingested into the system' },
    ],
  },
  {
    category: 'Scoring Events',
    events: [
      { type: 'agent.scored', description: "An agent's scores were recomputed" },
      { type: 'agent.tier.changed', description: 'An agent moved to a different policy tier' },
      { type: 'agent.trust.drift', description: 'Significant trust score change detected' },
    ],
  },
  {
    category: 'Guard Events',
    events: [
      { type: 'guard.finding.created', description: 'A new security finding was detected' },
      { type: 'guard.pii.detected', description: 'PII was detected in agent communication' },
      { type: 'guard.injection.detected', description: 'A prompt injection attempt was detected' },
      { type: 'guard.tool.blocked', description: 'A tool call was blocked by policy' },
    ],
  },
  {
    category: 'Kill Switch Events',
    events: [
      { type: 'agent.killed', description: 'An agent was emergency-stopped via kill switch' },
      { type: 'agent.unkilled', description: 'A killed agent was reactivated' },
    ],
  },
  {
    category: 'Agent Lifecycle Events',
    events: [
      { type: 'agent.registered', description: 'A new agent was registered' },
      { type: 'agent.deployed', description: 'An agent was deployed' },
      { type: 'agent.undeployed', description: 'An agent was undeployed' },
    ],
  },
  {
    category: 'Compliance Events',
    events: [
      { type: 'compliance.control.failed', description: 'A compliance control check failed' },
      { type: 'vault.chain.broken', description: 'The Vault hash chain integrity was broken' },
    ],
  },
];
