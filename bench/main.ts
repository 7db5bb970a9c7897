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
  .command('fan-out')
  .description('one event to 1, 10, 100, 1,000 and 10,000 endpoints: times, and calls of the ports an endpoint')
  .option('--largest <n>', 'leave out what is larger', Number, 10_000)
  .action(async ({ largest }: { largest: number }) => {
    const { benchFanOut } = await import('./fan-out.ts');
    await benchFanOut(largest);
  });

await program.parseAsync();
