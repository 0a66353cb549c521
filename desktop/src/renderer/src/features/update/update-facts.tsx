import { Button, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { isDesktop, shell } from '../../shell/shell.ts';
import { openWork } from '../../stores/open-work.ts';
import type { OpenWork } from '../../stores/open-work.ts';
import { updateStore } from '../../stores/update.ts';
import { updateWords as words } from '../../words/update.ts';

const recheckMs = 1_000;

/** The state of updates, for About. */
export function UpdateFacts() {
  const update = useStore(updateStore, (state) => state.update);
  if (!isDesktop) return null;
  const isBusy = ['checking', 'downloading', 'installing'].includes(update.is);
  return (
    <Stack gap={6} component="section" aria-labelledby="about-updates" align="flex-start">
      <h3 id="about-updates" style={{ margin: 0, fontSize: 14 }}>
        {words.title}
      </h3>
      <span aria-live="polite">{words.status(update)}</span>
      {'notes' in update && update.notes !== '' && (
        <details>
          <summary>{words.whatIsNew(update.version)}</summary>
          <p style={{ whiteSpace: 'pre-wrap', margin: '6px 0 0' }}>{update.notes}</p>
        </details>
      )}
      {update.is === 'ready' ? (
        <Restart />
      ) : (
        update.is !== 'off' && (
          <Button variant="default" disabled={isBusy} onClick={() => void shell.checkForUpdate()}>
            {words.check}
          </Button>
        )
      )}
    </Stack>
  );
}

function Restart() {
  const [work, setWork] = useState<OpenWork | null>(openWork);
  const [failure, setFailure] = useState('');
  useEffect(() => {
    const timer = setInterval(() => setWork(openWork()), recheckMs);
    return () => clearInterval(timer);
  }, []);
  const install = () =>
    shell.installUpdate().catch((error: unknown) => setFailure(error instanceof Error ? error.message : ''));
  return (
    <>
      <Button disabled={work !== null} onClick={() => void install()}>
        {words.restart}
      </Button>
      {work !== null && <span>{words.open[work]}</span>}
      {failure !== '' && <span role="alert">{failure}</span>}
    </>
  );
}
