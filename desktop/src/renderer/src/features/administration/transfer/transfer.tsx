import { Button, FileButton, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { exportSite, importSite, loadDemo } from '../../../commands/transfer.ts';
import type { Imported } from '../../../commands/transfer.ts';
import { useChanging } from '../../../forms/use-changing.ts';
import { openRecords, showPage } from '../../../stores/administration.ts';
import type { PageId } from '../../../stores/administration.ts';
import { boardStore } from '../../../stores/board.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { showScreen } from '../../../stores/view.ts';
import { Callout } from '../../../ui/callout.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { adminWords } from '../../../words/administration.ts';
import { transferWords as words } from '../../../words/transfer.ts';
import styles from './transfer.module.css';

type Work = 'file' | 'demo' | 'export';

/** The first steps of a new site, and the whole site as a file. */
export function Transfer() {
  const board = useStore(boardStore, ({ view }) => view?.board ?? null);
  const [running, setRunning] = useState<Work | null>(null);
  const [failure, setFailure] = useState<{ of: Work; sentence: string } | null>(null);
  const [imported, setImported] = useState<Imported | null>(null);
  if (!board) return <Skeleton label={adminWords.loading} count={6} height={60} />;
  const isEmpty = board.resources.length === 0 && board.procedures.length === 0;

  async function work(of: Work, run: () => Promise<string | null>) {
    setRunning(of);
    setFailure(null);
    const sentence = await run();
    setRunning(null);
    setFailure(sentence === null ? null : { of, sentence });
  }
  const failureOf = (of: Work) => failure?.of === of && <Callout>{failure.sentence}</Callout>;
  const leftOut = imported?.leftOut ?? [];

  return (
    <section className={styles.page} aria-label={adminWords.page.transfer}>
      <h2>{isEmpty ? words.begin : adminWords.page.transfer}</h2>
      {leftOut.length > 0 && <Callout>{words.leftOut(leftOut)}</Callout>}
      {isEmpty && (
        <>
          <p className={styles.help}>{words.beginHelp}</p>
          <div className={styles.ways}>
            <Way of={words.enter}>
              <Button size="xs" onClick={() => goTo('rooms')}>
                {words.enter.button}
              </Button>
            </Way>
            <Way of={words.lists}>
              <Button size="xs" variant="default" onClick={() => showPage('import')}>
                {words.lists.button}
              </Button>
            </Way>
            <Way of={words.file}>
              <ChooseFile
                isRunning={running === 'file'}
                isBusy={running !== null}
                choose={(file) => void work('file', () => importSite(file, setImported))}
              />
              {failureOf('file')}
            </Way>
            <Way of={words.demo}>
              <Send
                label={words.demo.button}
                isRunning={running === 'demo'}
                isBusy={running !== null}
                send={() => void work('demo', () => loadDemo(setImported))}
              />
              {failureOf('demo')}
            </Way>
          </div>
        </>
      )}
      <h3>{words.steps}</h3>
      <p className={styles.help}>{words.stepsHelp}</p>
      <ol className={styles.steps}>
        {stepPages.map((page) => (
          <li key={page}>
            <Button size="compact-sm" variant="default" onClick={() => goTo(page)}>
              {words.step[page]}
            </Button>
            <span className={styles.count}>
              {countOf(page, board) || (page === 'people' ? '' : words.none)}
            </span>
          </li>
        ))}
        <li>
          <Button size="compact-sm" variant="default" onClick={() => showScreen('day')}>
            {words.firstCase}
          </Button>
        </li>
      </ol>
      {!isEmpty && (
        <>
          <h3>{words.export}</h3>
          <p className={styles.help}>{words.exportHelp}</p>
          <Export
            isRunning={running === 'export'}
            isBusy={running !== null}
            save={(since) => void work('export', () => exportSite(since))}
          />
          {failureOf('export')}
        </>
      )}
    </section>
  );
}

const stepPages = ['rooms', 'surgeons', 'procedures', 'people'] as const;
type Counted = { resources: readonly { kind: string }[]; procedures: readonly object[] };
function countOf(page: (typeof stepPages)[number], { resources, procedures }: Counted): number {
  if (page === 'procedures') return procedures.length;
  return resources.filter(({ kind }) => `${kind}s` === page).length;
}

/** Opens a page, with the form for the first record. */
function goTo(page: PageId) {
  showPage(page);
  if (page !== 'people') openRecords([]);
}

const Way = ({ of, children }: { of: { title: string; help: string }; children: ReactNode }) => (
  <div className={styles.way}>
    <h3>{of.title}</h3>
    <p className={styles.help}>{of.help}</p>
    {children}
  </div>
);

type Running = { isRunning: boolean; isBusy: boolean };

function Send({ label, isRunning, isBusy, send }: Running & { label: string; send: () => void }) {
  const { changing } = useChanging(unreachableReason);
  return (
    <Button size="xs" variant="default" loading={isRunning} disabled={isBusy} {...changing(send)}>
      {label}
    </Button>
  );
}

function ChooseFile({ isRunning, isBusy, choose }: Running & { choose: (file: File) => void }) {
  const { changing } = useChanging(unreachableReason);
  return (
    <FileButton accept="application/json,.json" onChange={(file) => file && choose(file)}>
      {({ onClick }) => (
        <Button size="xs" variant="default" loading={isRunning} disabled={isBusy} {...changing(onClick)}>
          {words.file.button}
        </Button>
      )}
    </FileButton>
  );
}

function Export({ isRunning, isBusy, save }: Running & { save: (since: string | null) => void }) {
  const [since, setSince] = useState('');
  return (
    <div className={styles.row}>
      <TextInput
        type="date"
        size="xs"
        label={words.since}
        description={words.sinceHelp}
        value={since}
        onChange={(event) => setSince(event.currentTarget.value)}
      />
      <Send
        label={words.exportButton}
        isRunning={isRunning}
        isBusy={isBusy}
        send={() => save(since === '' ? null : since)}
      />
    </div>
  );
}
