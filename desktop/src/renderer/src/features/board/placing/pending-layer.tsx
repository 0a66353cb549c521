import { memo } from 'react';
import { useStore } from 'zustand';
import { holdExpired } from '../../../commands/hold.ts';
import { intentStore } from '../../../stores/intents.ts';
import { expiredStore } from '../../../stores/expired.ts';
import { boardWords } from '../../../words/board.ts';
import { boxOnBoard } from '../../../board/geometry.ts';
import type { Geometry } from '../../../board/geometry.ts';
import styles from './placing.module.css';

/**
 * Pending requests and expired holds: never drawn as if they were cases. For the pointer only; the keyboard has an
 * action to hold again.
 */
export const PendingLayer = memo(function PendingLayer({ geometry }: { geometry: Geometry }) {
  const intents = useStore(intentStore, (state) => state.intents);
  const expired = useStore(expiredStore, (state) => state.expired);
  const { rooms, scale } = geometry;
  const indexOf = (roomId: string) => rooms.findIndex(({ id }) => id === roomId);
  const isShown = ({ start, end }: { start: string; end: string }) =>
    Date.parse(end) > scale.origin && Date.parse(start) < scale.origin + scale.minutes * 60_000;
  return (
    <div className={styles.layer} aria-hidden="true">
      {intents.flatMap(({ key, cases }) =>
        cases.map(({ caseId, place, title }) => {
          const index = place && isShown(place) ? indexOf(place.roomId) : -1;
          return (
            place &&
            index >= 0 && (
              <div
                key={`${key} ${caseId}`}
                data-intent={key}
                className={styles.intent}
                style={boxOnBoard(geometry, index, place.start, place.end, 3)}
              >
                {boardWords.requesting}
                {title !== null && <br />}
                {title}
              </div>
            )
          );
        }),
      )}
      {expired.map((each) => {
        const { item } = each;
        const index = isShown(item) ? indexOf(item.roomId) : -1;
        return (
          index >= 0 && (
            <button
              key={item.id}
              type="button"
              tabIndex={-1}
              data-expired={item.id}
              className={styles.expired}
              style={boxOnBoard(geometry, index, item.start, item.end, 3)}
              onClick={() => holdExpired(each)}
            >
              {boardWords.expired}
              {item.title !== null && <br />}
              {item.title}
            </button>
          )
        );
      })}
    </div>
  );
});
