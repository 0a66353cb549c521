import { UnstyledButton } from '@mantine/core';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import type { Opening } from '@slate/shared/contract/reads';
import type { Blocker } from '@slate/shared/errors';
import { localDateOf } from '@slate/shared/time';
import { useEffect, useState } from 'react';
import { call } from '../../../api/client.ts';
import { moveTo } from '../../../commands/move.ts';
import { nameOf } from '../../../stores/board.ts';
import { criteriaFor, searchOf } from '../../../stores/criteria.ts';
import { isStillWorking, sessionStore } from '../../../stores/session.ts';
import { zoneNow } from '../../../stores/view.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { adminWords as words } from '../../../words/administration.ts';
import { dayOf, rangeOf } from '../../../words/time.ts';
import styles from './record-panel.module.css';

type Found = { item: PlacedCase; openings: readonly Opening[] } | 'searching' | 'failed';
const most = 4;

/** Offers other times for a case that is in the way. Moving it is a command of its own, with its own undo. */
export function MoveAway({ blocker, moved }: { blocker: Blocker; moved: (where: string) => void }) {
  const { caseId = '', resourceId } = blocker;
  const [found, setFound] = useState<Found>('searching');
  useEffect(() => {
    const stopping = new AbortController();
    const run = async () => {
      const result = await search(caseId, resourceId, stopping.signal);
      if (!stopping.signal.aborted) setFound(result);
    };
    void run();
    return () => stopping.abort();
  }, [caseId, resourceId]);
  if (found === 'searching') return <Skeleton label={words.searching} count={2} height={18} />;
  if (found === 'failed') return <span className={styles.dimmed}>{words.searchFailed}</span>;
  if (found.openings.length === 0) return <span className={styles.dimmed}>{words.noOpenings}</span>;
  return (
    <span className={styles.openings} role="group" aria-label={words.openings}>
      {found.openings.map(({ roomId, start, end }) => {
        const where = placeText(roomId, start, end);
        return (
          <UnstyledButton
            key={`${roomId} ${start}`}
            className={styles.opening}
            onClick={() =>
              void moveTo(found.item, { roomId, start, end }, undefined, undefined, () => moved(where))
            }
          >
            {where}
          </UnstyledButton>
        );
      })}
    </span>
  );
}

const placeText = (roomId: string, start: string, end: string) =>
  `${nameOf(roomId)}, ${dayOf(start, zoneNow())}, ${rangeOf(start, end, zoneNow())}`;

/** Searches from the day of the case, and outside the room that is in question. */
async function search(caseId: string, roomId: string | null, signal: AbortSignal): Promise<Found> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return 'failed';
  const site = session.site.id;
  const read = await call('case', { params: { site, case: caseId } }, { signal });
  if (read.kind !== 'done') return 'failed';
  const item = read.reply.case;
  if (!isPlaced(item) || !isStillWorking(session)) return 'failed';
  const criteria = criteriaFor(item, localDateOf(item.start, zoneNow()), zoneNow());
  const outcome = await call(
    'openings',
    { params: { site }, body: searchOf(criteria, item.service) },
    { signal },
  );
  if (outcome.kind !== 'done') return 'failed';
  const openings = outcome.reply.openings.filter((each) => each.roomId !== roomId).slice(0, most);
  return { item, openings };
}
