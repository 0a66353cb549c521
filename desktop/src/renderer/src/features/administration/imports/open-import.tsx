import { Button, Progress } from '@mantine/core';
import type { ImportFile } from '@slate/shared/contract/imports';
import type { Mapping } from '@slate/shared/lists/columns';
import type { Problem } from '@slate/shared/errors';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../../api/client.ts';
import type { Outcome } from '../../../api/client.ts';
import { applyImport } from '../../../commands/imports.ts';
import { useChanging } from '../../../forms/use-changing.ts';
import { reloadRecords } from '../../../stores/administration.ts';
import { sessionStore } from '../../../stores/session.ts';
import { Callout } from '../../../ui/callout.tsx';
import { importWords as words } from '../../../words/imports.ts';
import { Columns } from './columns.tsx';
import { Lines } from './lines.tsx';
import styles from './imports.module.css';

/** One import: its columns, its progress, or its lines. */
export function OpenImport({ file, close }: { file: ImportFile; close: () => void }) {
  const [isMapping, setMapping] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { changing } = useChanging();
  const { state, counts } = file;
  const showsColumns = state === 'uploaded' || state === 'failed' || (state === 'checked' && isMapping);
  const section = useRef<HTMLElement>(null);
  // The button that was pressed may be gone.
  useEffect(() => {
    if (document.activeElement === document.body) section.current?.focus({ preventScroll: true });
  }, [state, isMapping]);
  const show = (refused: Problem) => {
    setProblem(refused.errors?.[0]?.reason ?? refused.detail);
    return true;
  };
  const settle = (outcome: Outcome<unknown>) => {
    setProblem(null);
    if (outcome.kind === 'refused') show(outcome.problem);
    if (outcome.kind === 'unreachable') setProblem(words.notSent);
    reloadRecords();
  };
  const params = () => {
    const session = sessionStore.getState();
    return session.status === 'signed_in' ? { site: session.site.id, import: file.id } : null;
  };
  const check = async (mapping: Mapping, toDepot: boolean) => {
    const at = params();
    if (!at) return;
    settle(await call('checkImport', { params: at, body: { mapping, toDepot } }));
    setMapping(false);
  };
  const cancel = async () => {
    const at = params();
    if (at) settle(await call('cancelImport', { params: at }));
  };

  return (
    <section ref={section} tabIndex={-1} className={styles.open} aria-label={words.titleOf(file.file)}>
      <h2>{words.titleOf(file.file)}</h2>
      <p className={styles.help}>
        {words.kinds[file.kind]} · {words.states[state]}
      </p>
      {file.notes.map((note) => (
        <Callout key={note} kind="info">
          {note}
        </Callout>
      ))}
      {problem !== null && <Callout>{problem}</Callout>}
      {file.reason !== null && <Callout>{file.reason}</Callout>}
      {showsColumns && <Columns file={file} check={check} />}
      <Steps file={file} />
      <div className={styles.actions}>
        {state === 'checked' && !isMapping && counts && (
          <Start file={file} start={(mode) => applyImport(file, mode, show)} />
        )}
        {state === 'checked' && !isMapping && (
          <Button size="xs" variant="default" onClick={() => setMapping(true)}>
            {words.changeColumns}
          </Button>
        )}
        {(state === 'checking' || state === 'applying') && (
          <Button size="xs" variant="default" {...changing(() => void cancel())}>
            {words.cancel}
          </Button>
        )}
        <Button size="xs" variant="subtle" onClick={close}>
          {state === 'applied' ? words.another : words.close}
        </Button>
      </div>
      {counts && !showsColumns && (state === 'checked' || state === 'applied') && (
        <Lines key={`${state} ${JSON.stringify(counts)}`} file={file} counts={counts} />
      )}
    </section>
  );
}

/** How far the server is. */
function Steps({ file: { state, done, lines } }: { file: ImportFile }) {
  const isBusy = state === 'checking' || state === 'applying' || state === 'undoing';
  const text = isBusy ? words.progress[state](done, lines) : '';
  return (
    <>
      {isBusy && (
        <Progress className={styles.progress} value={(done / Math.max(lines, 1)) * 100} aria-label={text} />
      )}
      <p role="status">{text}</p>
    </>
  );
}

function Start({
  file: { lines, counts },
  start,
}: {
  file: ImportFile;
  start: (mode: 'all' | 'good') => Promise<void>;
}) {
  const { changing } = useChanging();
  const refused = counts?.refuse ?? 0;
  const good = lines - refused;
  if (good === (counts?.keep ?? 0))
    return <p>{refused === 0 ? words.nothingToDo : words.allRefused(refused)}</p>;
  return (
    <>
      {refused > 0 && <p>{words.refused(refused)}</p>}
      <Button size="xs" {...changing(() => void start(refused > 0 ? 'good' : 'all'))}>
        {refused > 0 ? words.importGood(good) : words.importAll(lines)}
      </Button>
      <span className={styles.sample}>{words.cannotUndo}</span>
    </>
  );
}
