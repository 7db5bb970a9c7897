import { Command } from 'commander';

interface PeersLoadFlags {
  seconds: number;
  rounds: number;
  against?: string;
  only?: string[];
  workers?: number;
  beside?: boolean;
}

const program = new Command('bench').description(
  'Measures Postrider on this machine. Numbers are compared within one run.',
);

program
  .command('latency')
  .description('publish-to-receive times at two rates and deliveries a second at saturation, beside a bare loop')
  .option('--seconds <n>', 'how long each rate is measured', Number, 10)
  .option('--against <folder>', 'measure another checkout too, in turns, and print the ratios instead')
  .option('--rounds <n>', 'with --against: how many turns', Number, 3)
  .action(async ({ seconds, against, rounds }: { seconds: number; against?: string; rounds: number }) => {
    const { benchLatency, compareLatency } = await import('./latency.ts');
    await (against === undefined ? benchLatency(seconds) : compareLatency(against, seconds, rounds));
  });

program
  .command('peers-load')
  .description('the scenarios in which senders of webhooks are compared, beside a bare floor')
  .option('--seconds <n>', 'how long each steady rate and saturation are measured', Number, 20)
  .option('--against <folder>', 'measure another checkout too, in turns, and print the ratios')
  .option('--beside', 'with --against: start both at once, and give each event to the next in turn')
  .option('--rounds <n>', 'how many turns', Number, 3)
  .option('--only <scenarios...>', 'lat50, lat200, fan10, fan1000, sat')
  .option('--workers <n>', 'start this checkout’s service with so many delivery threads', Number)
  .action(async ({ only, beside = false, ...options }: PeersLoadFlags) => {
    if (beside && options.against === undefined) program.error('error: --beside needs another checkout: --against DIR');
    const { benchPeersLoad } = await import('./peers/peers-load.ts');
    const { SCENARIO_NAMES } = await import('./peers/scenarios.ts');
    const scenarios = only ?? SCENARIO_NAMES;
    await benchPeersLoad({ against: undefined, workers: undefined, ...options, beside, scenarios });
  });

program
  .command('calls')
  .description(
    'AWS calls, bytes and capacity units of one event to one endpoint, counted over emulators; usage by itself',
  )
  .action(async () => {
    const { measureCalls } = await import('./calls.ts');
    const { formatCalls } = await import('./call-table.ts');
    console.log(formatCalls(await measureCalls()));
  });

program
  .command('cold-start')
  .description('bytes and import time of each function, beside the bare clients of the AWS SDK; fails over its aims')
  .option('--rounds <n>', 'how often each is imported', Number, 15)
  .action(async ({ rounds }: { rounds: number }) => {
    const { benchColdStart } = await import('./cold-start.ts');
    await benchColdStart(rounds);
  });

program
  .command('filters')
  .description('how long ten thousand filters take to compare with an event, and how much memory they take')
  .action(async () => {
    const { benchFilters } = await import('./filters.ts');
    benchFilters();
  });

program
  .command('fairness')
  .description('what others notice of an endpoint that hangs or takes seconds: other tenants, and the same one')
  .option('--seconds <n>', 'how long each phase is measured', Number, 30)
  .option('--rounds <n>', 'how often each case is measured; the medians of the ratios are printed', Number, 3)
  .option('--only <part>', 'a part of the name of the cases to run')
  .action(async ({ seconds, rounds, only }: { seconds: number; rounds: number; only?: string }) => {
    const { benchFairness } = await import('./fairness.ts');
    await benchFairness(seconds, rounds, only);
  });

program
  .command('hostile')
  .description('the sender against 200 requests at once to each kind of hostile server, with healthy ones beside them')
  .option('--rounds <n>', 'how often each kind is measured; the medians are printed', Number, 3)
  .option('--only <kind>', 'the name of one kind, as the table prints it')
  .action(async ({ rounds, only }: { rounds: number; only?: string }) => {
    const { benchHostile } = await import('./hostile.ts');
    await benchHostile(rounds, only);
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

program
  .command('sweep')
  .description('overdue deliveries that sweep moves on in a second, by the shards that it reads at once')
  .option('--records <n>', 'how many are overdue', Number, 20_000)
  .action(async ({ records }: { records: number }) => {
    const { benchSweep } = await import('./sweep.ts');
    await benchSweep(records);
  });

program
  .command('matching')
  .description('read units and times of a post, by the size of its tenant, and while 10,000 endpoints trip or change')
  .option('--posts <n>', 'how many are measured in each storm', Number, 100)
  .action(async ({ posts }: { posts: number }) => {
    const { benchMatching } = await import('./matching.ts');
    await benchMatching(posts);
  });

program
  .command('partitions')
  .description('units of the busiest partition keys at 3,000 events a second of one tenant, counted over an emulator')
  .action(async () => {
    const { benchPartitions } = await import('./partitions.ts');
    await benchPartitions();
  });

await program.parseAsync();
