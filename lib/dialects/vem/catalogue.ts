import type { EventCatalogue } from '../catalogue.ts';

export const catalogue: EventCatalogue = [
  {
    category: 'Task Events',
    events: [
      { type: 'task.created', description: 'A task was created' },
      { type: 'task.started', description: 'Work on a task has started' },
      { type: 'task.blocked', description: 'A task is blocked' },
      { type: 'task.completed', description: 'A task was completed' },
      { type: 'task.deleted', description: 'A task was deleted' },
    ],
  },
  {
    category: 'Snapshot Events',
    events: [
      { type: 'snapshot.pushed', description: 'A snapshot was pushed' },
      { type: 'snapshot.verified', description: 'A snapshot was verified' },
      { type: 'snapshot.failed', description: 'The verification of a snapshot failed' },
    ],
  },
  {
    category: 'Other Events',
    events: [
      { type: 'decision.added', description: 'A decision was added' },
      { type: 'changelog.updated', description: 'The changelog was updated' },
      { type: 'drift.detected', description: 'Drift was detected' },
      { type: 'project.linked', description: 'A project was linked' },
    ],
  },
];
