import { Button, SegmentedControl } from '@mantine/core';
import { verdict as verdicts } from '@slate/shared/contract/imports';
import type { ImportFile, ImportLine, Verdict, VerdictCounts } from '@slate/shared/contract/imports';
import { columnsOf } from '@slate/shared/lists/columns';
import { useCallback, useEffect, useState } from 'react';
import { call } from '../../../api/client.ts';
import { sessionStore } from '../../../stores/session.ts';
import { Callout } from '../../../ui/callout.tsx';
import { importWords as words } from '../../../words/imports.ts';
import styles from './imports.module.css';

type Shown = Verdict | 'all';
type Page = { shown: Shown; lines: readonly ImportLine[]; next: number | null };
const shownCells = 4;

/** The effect of each line, the refused lines first. */
export function Lines({ file, counts }: { file: ImportFile; counts: VerdictCounts }) {
  const present = verdicts.options.filter((each) => counts[each] > 0);
  const [shown, setShown] = useState<Shown>(counts.refuse > 0 ? 'refuse' : 'all');
  const [loaded, setLoaded] = useState<Page | null>(null);
  const page = loaded?.shown === shown ? loaded : null;
  const [hasFailed, setFailed] = useState(false);
  const tense = file.state === 'applied' ? 'applied' : 'check';

  const load = useCallback(
    async (before: Page | null, signal?: AbortSignal) => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const outcome = await call(
        'importLines',
        {
          params: { site: session.site.id, import: file.id },
          query: { ...(shown !== 'all' && { verdict: shown }), after: before?.next ?? 0, limit: 100 },
        },
        signal ? { signal } : {},
      );
      if (signal?.aborted) return;
      setFailed(outcome.kind !== 'done');
      if (outcome.kind !== 'done') return;
      const { lines, next } = outcome.reply;
      // Late lines must not follow those of another filter.
      setLoaded((now) =>
        before && now !== before ? now : { shown, lines: [...(before?.lines ?? []), ...lines], next },
      );
    },
    [file.id, shown],
  );
  useEffect(() => {
    const stopping = new AbortController();
    void load(null, stopping.signal);
    return () => stopping.abort();
  }, [load]);

  const headings = new Map(columnsOf(file.kind).map(({ id, column }) => [id, column.heading]));
  const headingOf = (column: string) => headings.get(column) ?? column;
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={words.filter}
        value={shown}
        onChange={(value) => setShown(value)}
        data={[
          { value: 'all', label: words.counted(words.allLines, file.lines) },
          ...present.map((each) => ({
            value: each,
            label: words.counted(words.verdicts[each][tense], counts[each]),
          })),
        ]}
      />
      {hasFailed && (
        <Callout>
          {words.linesFailed}{' '}
          <Button size="compact-xs" variant="default" onClick={() => void load(page)}>
            {words.retry}
          </Button>
        </Callout>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.line}</th>
            <th scope="col">{words.effect}</th>
            <th scope="col">{words.details}</th>
          </tr>
        </thead>
        <tbody>
          {page?.lines.map(({ line, cells, verdict, errors, changes }) => (
            <tr key={line}>
              <td className={styles.number}>{line}</td>
              <td className={styles.effect}>{verdict && words.verdicts[verdict][tense]}</td>
              <td>
                <p className={styles.sample}>{cells.filter(Boolean).slice(0, shownCells).join(' · ')}</p>
                {errors.map(({ column, reason }) => (
                  <p key={`${column} ${reason}`}>{words.error(column && headingOf(column), reason)}</p>
                ))}
                {changes.map(({ column, before, after }) => (
                  <p key={column}>{words.change(headingOf(column), before, after)}</p>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {page?.next && (
        <Button size="xs" variant="default" mt="sm" onClick={() => void load(page)}>
          {words.more}
        </Button>
      )}
    </>
  );
}
