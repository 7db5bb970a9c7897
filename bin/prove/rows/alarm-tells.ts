import { Skip } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

const LIMIT_MS = 60_000;

export const alarmTells: Proof = {
  name: 'alarm-tells',
  claim: 'An alarm notifies its topic',
  async prove(deployment) {
    deployment.mayChange('raises the alarm poison for a moment, and somebody may wake up');
    const alarm = ['--alarm-name', `${deployment.flags.stack}-poison`];
    const { MetricAlarms } = await deployment.aws('cloudwatch', 'describe-alarms', '--alarm-names', alarm[1] as string);
    if (!MetricAlarms[0]) throw new Skip(`there is no alarm ${alarm[1]}`);
    if (MetricAlarms[0].AlarmActions.length === 0) throw new Skip('the alarm has no topic: deploy with alarmTopicArn');
    const start = deployment.machine.now();
    const set = (state: string) =>
      deployment.aws('cloudwatch', 'set-alarm-state', ...alarm, '--state-value', state, '--state-reason', 'prove');
    await set('ALARM');
    const said = await deployment.until(
      async () => {
        const since = ['--start-date', new Date(start - 1000).toISOString(), '--history-item-type', 'Action'];
        const { AlarmHistoryItems } = await deployment.aws('cloudwatch', 'describe-alarm-history', ...alarm, ...since);
        return AlarmHistoryItems[0]?.HistorySummary as string | undefined;
      },
      2000,
      LIMIT_MS,
    );
    await set('OK');
    return verdict(
      (said ?? '').startsWith('Successfully executed action'),
      said ?? 'no action in its history within a minute',
    );
  },
};
