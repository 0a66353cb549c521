import type { Blocker } from '@slate/shared/errors';
import { isPlaced } from '@slate/shared/cases';
import { overlaps } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';
import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { boardStore, caseNow, nameOf } from '../../stores/board.ts';
import { closeAllDialogs } from '../../stores/dialogs.ts';
import { select, zoneNow } from '../../stores/view.ts';
import { nameOfCase } from '../../words/cases.ts';
import { blockerWords, refusalWords as words } from '../../words/refusals.ts';
import { reveal } from '../board/reveal.ts';
import styles from './refusal.module.css';

const most = 5;

type Props = { blockers: readonly Blocker[]; asked: TimeRange | null };

/** What stands in the way; each case of it can be shown on the board. */
export function Blockers({ blockers, asked }: Props) {
  const view = useStore(boardStore, (state) => state.view);
  return (
    <ul className={styles['list']} aria-label={words.inTheWay}>
      {blockers.slice(0, most).map((blocker) => {
        const item = blocker.caseId === undefined ? undefined : caseNow(blocker.caseId);
        return (
          <li
            key={`${blocker.kind} ${blocker.resourceId} ${blocker.caseId} ${blocker.start}`}
            className={styles['blocker']}
          >
            <span>
              {blockerWords(blocker, {
                zone: zoneNow(),
                resource: nameOf(blocker.resourceId),
                stay: item && isPlaced(item) && asked && overlaps(item, asked) ? item : null,
                isPerson: view?.resources.get(blocker.resourceId ?? '')?.kind === 'surgeon',
              })}
            </span>
            {item && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={words.showCase(nameOfCase(item))}
                onClick={() => {
                  closeAllDialogs();
                  select(item.id);
                  reveal(item.id);
                }}
              >
                {words.show}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
