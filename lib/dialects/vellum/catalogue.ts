import type { EventCatalogue } from '../catalogue.ts';

/** An alias is the name that the platform's settings page shows. */
export const catalogue: EventCatalogue = [
  {
    category: 'Workflow Execution Events',
    events: [
      { type: 'workflow.execution.initiated', description: 'Triggered when a workflow starts execution' },
      {
        type: 'workflow.execution.fulfilled',
        description: 'Triggered when a workflow execution successfully completes',
      },
      { type: 'workflow.execution.rejected', description: 'Triggered when a workflow execution fails' },
    ],
  },
  {
    category: 'Workflow Usage Calculation Events',
    events: [
      {
        type: 'workflow.usage_calculation.fulfilled',
        alias: 'workflow_execution.usage_calculation.fulfilled',
        description: 'Triggered when workflow usage is successfully calculated',
      },
      {
        type: 'workflow.usage_calculation.rejected',
        alias: 'workflow_execution.usage_calculation.rejected',
        description: 'Triggered when workflow usage calculation fails',
      },
    ],
  },
  {
    category: 'Metric Execution Events',
    events: [
      { type: 'metric.execution.fulfilled', description: 'Triggered when a metric execution completes successfully' },
    ],
  },
];
