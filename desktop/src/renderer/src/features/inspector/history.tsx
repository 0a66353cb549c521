import { Button, Skeleton } from '@mantine/core';
import { localDateOf } from '@slate/shared/time';
import { useState } from 'react';
import { useStore } from 'zustand';
import { boardStore, namesOf } from '../../stores/board.ts';
import { today } from '../../stores/view.ts';
import { historyWords, inspectorWords as words } from '../../words/inspector.ts';
import { dayAndTimeOf, timeOf } from '../../words/time.ts';
import type { History as HistoryState } from './use-history.ts';
import styles from './inspector.module.css';

const maxShown = 8;

/** The history of a case: the changes with time and person, latest first. */
export function History({ history, retry }: { history: HistoryState; retry: () => void }) {
  const view = useStore(boardStore, (state) => state.view);
  const [isWhole, setWhole] = useState(false);
  const { status, latest } = history;
  const entries = latest?.history ?? [];
  const visible = isWhole ? entries : entries.slice(0, maxShown);
  const names = view && namesOf(view);
  const when = (at: string, zone: string) =>
    localDateOf(at, zone) === today() ? timeOf(at, zone) : dayAndTimeOf(at, zone);
  return (
    <section className={styles.section} aria-label={words.history} aria-busy={status === 'loading'}>
      <h3 className={styles.heading}>{words.history}</h3>
      {status === 'loading' && (
        <div aria-label={words.historyLoading} role="status">
          {[80, 60, 70].map((width) => (
            <Skeleton key={width} h={10} w={`${width}%`} mb={8} animate={false} />
          ))}
        </div>
      )}
      {status === 'failed' && (
        <div className={styles.trouble} role="alert">
          <p>{words.historyFailed}</p>
          <Button size="compact-xs" variant="default" onClick={retry}>
            {words.retry}
          </Button>
        </div>
      )}
      {status === 'forbidden' && <p className={styles.quiet}>{words.historyForbidden}</p>}
      {status === 'gone' && <p className={styles.quiet}>{words.historyGone}</p>}
      {status === 'ready' && entries.length === 0 && <p className={styles.quiet}>{words.historyEmpty}</p>}
      {names && visible.length > 0 && (
        <ol className={styles.history}>
          {visible.map((entry, index) => {
            const [first, ...more] = historyWords(entry, entries[index + 1]?.case ?? null, names);
            return (
              <li key={entry.revision}>
                <time dateTime={entry.at}>{when(entry.at, names.zone)}</time>
                <span>
                  {first}
                  {words.by(entry.by?.name ?? words.bySlate)}
                  {more.map((line) => (
                    <span key={line} className={styles.detail}>
                      {line}
                    </span>
                  ))}
                </span>
              </li>
            );
          })}
        </ol>
      )}
      {entries.length > maxShown && (
        <Button size="compact-xs" variant="default" onClick={() => setWhole(!isWhole)}>
          {isWhole ? words.showLatest(maxShown) : words.showAll(entries.length)}
        </Button>
      )}
    </section>
  );
}
