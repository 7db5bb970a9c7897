import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { DeliveryDetailJson } from '../../api/resources/deliveries/schemas.ts';
import { createApiClient } from './api-client.ts';
import { SCENARIOS, type Outcome, type Scenario, type Sight, findDifferences, runScenario } from './demo-scenarios.ts';
import type { Log } from '../../ports/log.ts';
import type { LineWriter } from '../terminal/line-writer.ts';
import type { Palette } from '../terminal/palette.ts';
import { type Service, startService } from '../service/service.ts';
import { createTerminalLog } from '../terminal/terminal-log.ts';
import { plainText } from '../terminal/wording.ts';

/**
 * Runs the scenarios on a service of its own, in a temporary folder.
 * @returns whether every scenario went as expected
 */
export async function runDemo(
  out: LineWriter,
  palette: Palette,
  scenarios: readonly Scenario[] = SCENARIOS,
): Promise<boolean> {
  const write = (line: string) => out.write(line);
  const folder = await mkdtemp(join(tmpdir(), 'postrider-demo-'));
  const terminal = createTerminalLog({ clock: systemClock, write: (line) => write(`  ${line}`), palette });
  let attemptsTold = 0;
  const log: Log = {
    ...terminal,
    info(event, fields) {
      terminal.info(event, fields);
      if (event === 'dispatch.attempt') attemptsTold += 1;
    },
  };
  try {
    const service = await startService({ dataDir: folder, port: 0, log });
    try {
      write(`\n${palette.bold('Postrider')}: three receivers, one event each.`);
      const deadLetters = () => service.countMessages('exhausted').visible;
      const sight = { deadLetters, attemptsTold: () => attemptsTold };
      return await runScenarios(service, sight, scenarios, write, palette);
    } finally {
      await service.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await out.flush();
  }
}

type Write = (line: string) => void;

async function runScenarios(
  service: Service,
  sight: Sight,
  scenarios: readonly Scenario[],
  write: Write,
  palette: Palette,
): Promise<boolean> {
  const api = createApiClient(service);
  const runOne = async (scenario: Scenario) => {
    try {
      const outcome = await runScenario(api, scenario, sight);
      for (const line of historyLines(outcome, palette)) write(line);
      return findDifferences(scenario, outcome);
    } catch (error) {
      return [String(error)];
    }
  };
  const differences: string[] = [];
  for (const scenario of scenarios) {
    write(`\n${palette.bold(scenario.title)}\n`);
    const found = await runOne(scenario);
    for (const difference of found) write(`  ${palette.red('✗')} ${difference}`);
    if (found.length === 0) write(`  ${palette.green('✓')} ${scenario.summary}`);
    differences.push(...found);
  }
  write(differences.length === 0 ? closingLine(palette) : palette.red('\nThe demo did not go as expected.\n'));
  return differences.length === 0;
}

function closingLine({ bold, dim }: Palette): string {
  return `\n${dim('The data of this demo is deleted.')} ${bold('npm start')} ${dim('runs the service and keeps its data.')}\n`;
}

/** What the API returns about the delivery. */
function historyLines({ delivery, received, deadLetters }: Outcome, { dim }: Palette): string[] {
  const ids = [...new Set(received.map(({ id }) => plainText(id)))].join(', ');
  return [
    '',
    dim(`  GET /v1/deliveries/${delivery.id}`),
    `  ${delivery.event_type}  ${delivery.status}  attempt ${delivery.attempt_number} of ${delivery.max_attempts}`,
    ...delivery.attempts.map(attemptLine),
    `  webhook-id ${dim(ids)}   dead-letter queue: ${dim(String(deadLetters))}`,
  ];
}

function attemptLine({ number, at, status_code, duration_ms, error_kind }: DeliveryDetailJson['attempts'][number]) {
  const result = String(status_code ?? error_kind ?? '').padEnd(8);
  return `    ${number}.  ${at}  ${result} ${String(duration_ms).padStart(5)} ms`;
}
