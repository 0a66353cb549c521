import type { Blocker } from '@slate/shared/errors';
import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { isHeldByMe } from '../../stores/permissions.ts';
import { boardStore, caseName, caseNow, nameOf } from '../../stores/board.ts';
import { closeAllDialogs } from '../../stores/dialogs.ts';
import { select, zoneNow } from '../../stores/view.ts';
import { blockerWords, refusalWords as words } from '../../words/refusals.ts';
import { reveal } from '../../board/reveal.ts';
import styles from './refusal.module.css';

const most = 5;

/** What stands in the way; each case of it can be shown on the board. */
export function Blockers({ blockers }: { blockers: readonly Blocker[] }) {
  const view = useStore(boardStore, (state) => state.view);
  return (
    <ul className={styles.list} aria-label={words.inTheWay}>
      {blockers.slice(0, most).map((blocker) => {
        const item = blocker.caseId === undefined ? undefined : caseNow(blocker.caseId);
        const resource = view?.resources.get(blocker.resourceId ?? '');
        return (
          <li
            key={`${blocker.kind} ${blocker.resourceId} ${blocker.caseId} ${blocker.start}`}
            className={styles.blocker}
          >
            <span>
              {blockerWords(blocker, {
                zone: zoneNow(),
                kind: (blocker.kind !== 'patient' && resource?.kind) || 'patient',
                resource: resource?.name ?? '',
                room: item && item.roomId !== blocker.resourceId ? nameOf(item.roomId) : null,
                isMine: item !== undefined && isHeldByMe(item),
              })}
            </span>
            {item && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={words.showCase(caseName(item))}
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
