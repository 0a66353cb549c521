import { Button, SegmentedControl } from '@mantine/core';
import type { Blocker } from '@slate/shared/errors';
import { useEffect, useRef, useState } from 'react';
import { useChanging } from '../../../forms/use-changing.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { zoneNow } from '../../../stores/view.ts';
import { adminWords as words } from '../../../words/administration.ts';
import { numberOf } from '../../../words/cases.ts';
import { dayOf, rangeOf } from '../../../words/time.ts';
import { MoveAway } from './move-away.tsx';
import styles from './record-panel.module.css';

type Decision = 'leave' | 'move' | 'bump';
type Decisions = Readonly<Record<string, Decision>>;

type Props = {
  blockers: readonly Blocker[];
  isSaving: boolean;
  /** Saves the form and sends these cases to the depot, in one command. Null: the command cannot do that. */
  save: ((bump: readonly string[]) => void) | null;
};

/** Lists everything in the way of a change, with a decision for each case (AA7). */
export function InTheWay({ blockers, isSaving, save }: Props) {
  const [decisions, setDecisions] = useState<Decisions>({});
  const [moved, setMoved] = useState<Readonly<Record<string, string>>>({});
  const bump = Object.keys(decisions).filter((caseId) => decisions[caseId] === 'bump');
  const { changing } = useChanging(unreachableReason);
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    region.current?.scrollIntoView({ block: 'nearest' });
    region.current?.focus({ preventScroll: true });
  }, []);
  const decide = (caseId: string, decision: Decision) =>
    setDecisions((before) => ({ ...before, [caseId]: decision }));
  const isDecided = bump.length > 0 || Object.keys(moved).length > 0;
  return (
    <section
      ref={region}
      tabIndex={-1}
      className={styles.inTheWay}
      aria-label={words.inTheWay(blockers.length)}
      role="alert"
    >
      <h3>
        <span aria-hidden="true">▲ </span>
        {words.inTheWay(blockers.length)}
      </h3>
      <p>{save ? words.inTheWayHelp : words.moveFirst}</p>
      <ul>
        {blockers.map((blocker) => {
          const { caseId, kind } = blocker;
          const subject = wordsOf(blocker);
          return (
            <li key={`${kind} ${caseId} ${blocker.start}`}>
              <span>{subject}</span>
              {caseId !== undefined && moved[caseId] !== undefined ? (
                <span className={styles.dimmed}>{words.movedTo(moved[caseId])}</span>
              ) : caseId === undefined || save === null ? (
                save && <span className={styles.dimmed}>{words.cannotBump}</span>
              ) : (
                <>
                  <SegmentedControl
                    size="xs"
                    aria-label={subject}
                    value={decisions[caseId] ?? 'leave'}
                    onChange={(value) => decide(caseId, value)}
                    data={[
                      { value: 'leave', label: words.leave },
                      ...(kind === 'case' ? [{ value: 'move' as const, label: words.move }] : []),
                      { value: 'bump', label: kind === 'hold' ? words.release : words.bump },
                    ]}
                  />
                  {decisions[caseId] === 'move' && (
                    <MoveAway
                      blocker={blocker}
                      moved={(where) => setMoved((before) => ({ ...before, [caseId]: where }))}
                    />
                  )}
                </>
              )}
            </li>
          );
        })}
      </ul>
      {save && (
        <Button size="xs" loading={isSaving} disabled={!isDecided} {...changing(() => save(bump))}>
          {bump.length > 0 ? words.saveAndBump(bump.length) : isDecided ? words.save : words.chooseFirst}
        </Button>
      )}
    </section>
  );
}

/** Returns `Tue, Dec 1, 07:50–09:10: Hip ORIF`. */
function wordsOf({ kind, start, end, title, number, by, reason }: Blocker): string {
  const when = `${dayOf(start, zoneNow())}, ${rangeOf(start, end, zoneNow())}`;
  const name = title ?? (number === undefined ? '' : numberOf({ number }));
  if (kind === 'closure') return words.closedFor(when, reason ?? '');
  return kind === 'hold' ? words.heldBy(when, name, by ?? '') : words.caseAt(when, name);
}
