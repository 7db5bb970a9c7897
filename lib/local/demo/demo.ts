import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { DeliveryDetailJson } from '../../api/resources/deliveries/schemas.ts';
import { createApiClient } from './api-client.ts';
import { CHAPTERS, type Chapter, type Ending, findDeviations, playChapter } from './demo-story.ts';
import type { LineWriter } from '../terminal/line-writer.ts';
import type { Palette } from '../terminal/palette.ts';
import { type Service, startService } from '../service/service.ts';
import { createTerminalLog } from '../terminal/terminal-log.ts';
import { plainText } from '../terminal/wording.ts';

/**
 * Tells the story of three receivers on a service of its own, in a temporary folder.
 * @param chapters the story; default {@link CHAPTERS}
 * @returns whether it went as told
 */
export async function runDemo(
  out: LineWriter,
  palette: Palette,
  chapters: readonly Chapter[] = CHAPTERS,
): Promise<boolean> {
  const write = (line: string) => out.write(line);
  const folder = await mkdtemp(join(tmpdir(), 'postrider-demo-'));
  const log = createTerminalLog({ clock: systemClock, write: (line) => write(`  ${line}`), palette });
  try {
    const service = await startService({ dataDir: folder, port: 0, log });
    try {
      write(`\n${palette.bold('Postrider')}: three receivers, one event each.`);
      return await tellStory(service, chapters, write, palette);
    } finally {
      await service.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await out.flush();
  }
}

type Write = (line: string) => void;

async function tellStory(
  service: Service,
  chapters: readonly Chapter[],
  write: Write,
  palette: Palette,
): Promise<boolean> {
  const api = createApiClient(service);
  const countDeadLetters = () => service.countMessages('exhausted').visible;
  const tellChapter = async (chapter: Chapter) => {
    try {
      const ending = await playChapter(api, chapter, countDeadLetters);
      for (const line of historyLines(ending, palette)) write(line);
      return findDeviations(chapter, ending);
    } catch (error) {
      return [String(error)];
    }
  };
  const deviations: string[] = [];
  for (const chapter of chapters) {
    write(`\n${palette.bold(chapter.title)}\n`);
    const found = await tellChapter(chapter);
    for (const deviation of found) write(`  ${palette.red('✗')} ${deviation}`);
    if (found.length === 0) write(`  ${palette.green('✓')} ${chapter.lesson}`);
    deviations.push(...found);
  }
  write(deviations.length === 0 ? closingLine(palette) : palette.red('\nThe story did not go as told.\n'));
  return deviations.length === 0;
}

function closingLine({ bold, dim }: Palette): string {
  return `\n${dim('Nothing of this is kept.')} ${bold('npm start')} ${dim('runs the service on a folder that is.')}\n`;
}

/** What the API answers about the delivery. */
function historyLines({ delivery, received, deadLetters }: Ending, { dim }: Palette): string[] {
  const ids = [...new Set(received.map(({ id }) => plainText(id)))].join(', ');
  return [
    '',
    dim(`  GET /v1/deliveries/${delivery.id}`),
    `  ${delivery.event_type}  ${delivery.status}  attempt ${delivery.attempt_number} of ${delivery.max_attempts}`,
    ...delivery.attempts.map(attemptLine),
    `  webhook-id ${dim(ids)}   messages in the dead letters ${dim(String(deadLetters))}`,
  ];
}

function attemptLine({ number, at, status_code, duration_ms, error_kind }: DeliveryDetailJson['attempts'][number]) {
  const answer = String(status_code ?? error_kind ?? '').padEnd(8);
  return `    ${number}.  ${at}  ${answer} ${String(duration_ms).padStart(5)} ms`;
}
