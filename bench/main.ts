import { Command } from 'commander';

const program = new Command('bench').description(
  'Measures Postrider on this machine. Numbers are compared within one run.',
);

program
  .command('latency')
  .description('publish-to-receive times at two rates and deliveries a second at saturation, beside a bare loop')
  .option('--seconds <n>', 'how long each rate is measured', Number, 10)
  .action(async ({ seconds }: { seconds: number }) => {
    const { benchLatency } = await import('./latency.ts');
    await benchLatency(seconds);
  });

program
  .command('calls')
  .description('AWS calls, bytes and capacity units of one event to one endpoint, counted over emulators')
  .action(async () => {
    const { measureCalls } = await import('./calls.ts');
    const { formatCalls } = await import('./call-table.ts');
    console.log(formatCalls(await measureCalls()));
  });

program
  .command('fairness')
  .description('what others notice of an endpoint that hangs or takes seconds: other tenants, and the same one')
  .option('--seconds <n>', 'how long each phase is measured', Number, 30)
  .action(async ({ seconds }: { seconds: number }) => {
    const { benchFairness } = await import('./fairness.ts');
    await benchFairness(seconds);
  });

program
  .command('soak')
  .description('a hundred events a second, a tenth of them to a dead endpoint: times, lost events, memory')
  .option('--minutes <n>', 'how long', Number, 5)
  .action(async ({ minutes }: { minutes: number }) => {
    const { benchSoak } = await import('./soak.ts');
    await benchSoak(minutes);
  });

program
  .command('fan-out')
  .description('one event to 1, 10, 100, 1,000 and 10,000 endpoints: times, and calls of the ports an endpoint')
  .option('--largest <n>', 'leave out what is larger', Number, 10_000)
  .action(async ({ largest }: { largest: number }) => {
    const { benchFanOut } = await import('./fan-out.ts');
    await benchFanOut(largest);
  });

program
  .command('cost')
  .description('dollars for a million deliveries on AWS: list prices, and calls counted over emulators')
  .action(async () => {
    const { benchCost } = await import('./cost.ts');
    await benchCost();
  });

await program.parseAsync();
