import type { Json } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

export const ownMetrics: Proof = {
  name: 'own-metrics',
  claim: 'CloudWatch reads the metrics out of the lines `metrics`',
  async prove(deployment) {
    const dimension = `Name=Service,Value=${deployment.flags.stack}`;
    const { Metrics } = await deployment.aws(
      'cloudwatch',
      'list-metrics',
      '--namespace',
      'Postrider',
      '--dimensions',
      dimension,
    );
    const names = [...new Set<string>(Metrics.map(({ MetricName }: Json) => MetricName))].toSorted();
    return verdict(names.includes('EventsAccepted'), names.join(', ') || 'none');
  },
};
