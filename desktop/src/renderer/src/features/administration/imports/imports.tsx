import { Button, FileButton, NativeSelect, UnstyledButton } from '@mantine/core';
import type { ImportFile } from '@slate/shared/contract/imports';
import { listKind } from '@slate/shared/lists/columns';
import type { ListKind } from '@slate/shared/lists/columns';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../../api/client.ts';
import type { Outcome } from '../../../api/client.ts';
import { useChanging } from '../../../forms/use-changing.ts';
import { reloadRecords } from '../../../stores/administration.ts';
import { sessionStore } from '../../../stores/session.ts';
import { zoneNow } from '../../../stores/view.ts';
import { Callout } from '../../../ui/callout.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { importWords as words } from '../../../words/imports.ts';
import { timeOf } from '../../../words/time.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import { usePolled } from '../frame/use-polled.ts';
import { OpenImport } from './open-import.tsx';
import styles from './imports.module.css';

const busyStates = ['checking', 'applying', 'undoing'];
const progressMs = 1_000;

async function readImports(site: string, signal: AbortSignal): Promise<Outcome<readonly ImportFile[]>> {
  const outcome = await call('imports', { params: { site } }, { signal });
  return outcome.kind === 'done' ? { kind: 'done', reply: outcome.reply.imports } : outcome;
}

/** Imports of records and cases from files: a new one, those of the last day, and the one that is open. */
export function Imports() {
  // Counts the loads that have ended: loading again earlier would abort one that takes longer than the pause.
  const [loads, setLoads] = useState(0);
  const { items, hasFailed, retry } = usePolled(async (site, signal) => {
    const outcome = await readImports(site, signal);
    setLoads((count) => count + 1);
    return outcome;
  });
  const [openId, setOpenId] = useState<string | null>(null);
  const [closedId, setClosedId] = useState<string | null>(null);
  const file = items?.find(({ id }) => id === openId) ?? null;
  const isBusy = items?.some(({ state }) => busyStates.includes(state)) ?? false;

  useEffect(() => {
    if (!isBusy) return undefined;
    const timer = setTimeout(retry, progressMs);
    return () => clearTimeout(timer);
  }, [isBusy, loads, retry]);

  if (hasFailed && !items) return <FailedPage title={words.failed} retry={retry} />;
  if (!items) return <Skeleton label={words.loading} count={6} height={22} />;
  return (
    <div className={styles.page}>
      {file ? (
        <OpenImport
          key={file.id}
          file={file}
          close={() => {
            setClosedId(file.id);
            setOpenId(null);
          }}
        />
      ) : (
        <>
          <NewImport open={setOpenId} />
          <Recent items={items} closedId={closedId} open={setOpenId} />
        </>
      )}
    </div>
  );
}

type RecentProps = {
  items: readonly ImportFile[];
  /** The import that was closed last: it gets the focus back. */
  closedId: string | null;
  open: (id: string) => void;
};

function Recent({ items, closedId, open }: RecentProps) {
  const closed = useRef<HTMLButtonElement>(null);
  useEffect(() => closed.current?.focus(), []);
  return (
    <>
      <h3>{words.recent}</h3>
      {items.length === 0 && <p className={styles.help}>{words.noRecent}</p>}
      <ul className={styles.recent}>
        {items.map((each) => (
          <li key={each.id}>
            <UnstyledButton
              ref={each.id === closedId ? closed : null}
              className={styles.import}
              onClick={() => open(each.id)}
            >
              <span>{each.file}</span>
              <span>{words.kinds[each.kind]}</span>
              <span>{words.states[each.state]}</span>
              <span className={styles.sample}>{words.by(each.by.name, timeOf(each.at, zoneNow()))}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </>
  );
}

type Upload = { id: string; kind: ListKind; content: File };

function NewImport({ open }: { open: (id: string) => void }) {
  const [kind, setKind] = useState<ListKind>('rooms');
  const [reading, setReading] = useState<Upload | null>(null);
  const [problem, setProblem] = useState<{ sentence: string; again: Upload | null } | null>(null);
  const { changing } = useChanging();
  const reset = useRef<() => void>(null);

  /** An upload that is sent again has the same id, so that it is staged once. */
  const upload = async (next: Upload) => {
    const session = sessionStore.getState();
    if (session.status !== 'signed_in') return;
    setProblem(null);
    setReading(next);
    const input = {
      params: { site: session.site.id },
      query: { id: next.id, kind: next.kind, file: next.content.name.slice(-200) },
    };
    const outcome = await call('uploadImport', input, { file: next.content, isLong: true });
    setReading(null);
    if (outcome.kind === 'refused') {
      const [error] = outcome.problem.errors ?? [];
      return setProblem({ sentence: error?.reason ?? outcome.problem.detail, again: null });
    }
    if (outcome.kind === 'unreachable') return setProblem({ sentence: words.notSent, again: next });
    reloadRecords();
    open(next.id);
  };

  return (
    <>
      <h2>{words.title}</h2>
      <p className={styles.help}>{words.help}</p>
      <div className={styles.form}>
        <NativeSelect
          size="xs"
          label={words.kind}
          value={kind}
          onChange={({ currentTarget }) => setKind(listKind.parse(currentTarget.value))}
          data={listKind.options.map((each) => ({ value: each, label: words.kinds[each] }))}
        />
        <FileButton
          accept=".csv,.tsv,.txt,.xlsx"
          resetRef={reset}
          onChange={(content) => {
            // The same file can be chosen again after it was corrected.
            reset.current?.();
            if (content) void upload({ id: crypto.randomUUID(), kind, content });
          }}
        >
          {({ onClick }) => (
            // A disabled button would lose the focus.
            <Button
              size="xs"
              {...(reading === null ? changing(onClick) : { 'aria-disabled': true, 'data-disabled': true })}
            >
              {words.choose}
            </Button>
          )}
        </FileButton>
      </div>
      <p className={styles.help}>{words.order}</p>
      <p role="status">{reading && words.reading(reading.content.name)}</p>
      {problem && (
        <Callout>
          {problem.sentence}
          {problem.again && (
            <>
              {' '}
              <UnstyledButton onClick={() => problem.again && void upload(problem.again)}>
                <u>{words.retry}</u>
              </UnstyledButton>
            </>
          )}
        </Callout>
      )}
    </>
  );
}
