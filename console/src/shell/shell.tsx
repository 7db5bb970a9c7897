import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { startedJobs } from '../data/started-jobs.ts';
import { ErrorBox } from '../parts/error-box.tsx';
import { JobCard } from '../parts/job-card.tsx';
import { Skeleton } from '../parts/loaded.tsx';
import { type ScreenProps, place } from '../router/place.ts';
import { type ScreenEntry, pathOf, screenAt } from '../screens.ts';
import { session } from '../session/session.ts';
import { t } from '../texts/index.ts';
import { Navigation } from './navigation.tsx';
import { SecondFactorPrompt } from './second-factor-prompt.tsx';
import { Shortcuts } from './shortcuts.tsx';

/** What is around every screen. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const { path, tenant } = place.value;
  const where = `${tenant ?? ''}${path}`;
  const isFirst = useRef(true);
  // With the new screen, not after it was seen: a key that is pressed then has gone on already.
  useLayoutEffect(() => {
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [where]);
  // Those of another session are not this one's.
  useEffect(() => () => void (startedJobs.value = []), []);
  const skip = () => main.current?.focus();
  return (
    <>
      <button type="button" class="unseen" onClick={skip}>
        {t.skip}
      </button>
      <div class="shell">
        <Navigation />
        <main ref={main} tabIndex={-1}>
          {startedJobs.value.map((one) => (
            <JobCard key={one.job.id} of={one} />
          ))}
          <ScreenOf key={where} path={path} />
        </main>
      </div>
      <SecondFactorPrompt />
      <Shortcuts />
    </>
  );
}

function ScreenOf({ path }: { path: string }) {
  const { screens } = session().shown;
  const home = screens.map(pathOf).find((one) => one !== undefined) ?? '';
  const found = screenAt(path === '/' ? home : path);
  if (!found || !screens.includes(found.entry.name)) return <NotFound />;
  return <Lazy entry={found.entry} params={found.params} />;
}

/** A screen whose code may still have to come. */
function Lazy({ entry, params }: ScreenProps & { entry: ScreenEntry }) {
  const component = useSignal<ComponentType<ScreenProps> | undefined>(LOADED.get(entry));
  const error = useSignal<unknown>(undefined);
  const load = async () => {
    error.value = undefined;
    try {
      const { Screen } = await entry.load();
      LOADED.set(entry, Screen);
      component.value = Screen;
    } catch (cause) {
      error.value = cause;
    }
  };
  useEffect(() => {
    if (!component.peek()) void load();
  }, []);
  const Screen = component.value;
  if (error.value !== undefined) return <ErrorBox error={error.value} onRetry={load} />;
  return Screen ? <Screen params={params} /> : <Skeleton />;
}

const LOADED = new Map<ScreenEntry, ComponentType<ScreenProps>>();

export function NotFound() {
  return (
    <div class="empty">
      <h1>{t.notFound.title}</h1>
      <p class="soft">{t.notFound.lead}</p>
    </div>
  );
}
