import type { Requested } from '@slate/shared/queue';
import { memo } from 'react';
import { useStore } from 'zustand';
import { holdExpired } from '../../../commands/hold.ts';
import { placeOnBoard } from '../../../stores/place.ts';
import { caseNow } from '../../../stores/board.ts';
import { intentStore } from '../../../stores/intents.ts';
import { isUnanswered, queueStore } from '../../../stores/queue.ts';
import { expiredStore } from '../../../stores/expired.ts';
import { boardWords } from '../../../words/board.ts';
import { boxOnBoard } from '../../../board/geometry.ts';
import type { Geometry } from '../../../board/geometry.ts';
import styles from './placing.module.css';

/**
 * Draws pending commands, requests of the queue and expired holds, which must not look like cases. For the pointer only: for
 * the keyboard there is an action to hold again.
 */
export const PendingLayer = memo(function PendingLayer({ geometry }: { geometry: Geometry }) {
  const intents = useStore(intentStore, (state) => state.intents);
  const requests = useStore(queueStore, ({ queue }) => queue.open());
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
      {requests.filter(isDrawn).flatMap((requested) =>
        requested.request.cases.map(({ caseId, place: requestedPlace, title }) => {
          const { id } = requested.request;
          const item = caseNow(caseId ?? '');
          const place = requestedPlace ?? (item ? placeOnBoard(item) : null);
          const index = place && isShown(place) ? indexOf(place.roomId) : -1;
          // While it is being sent, its intent is drawn instead.
          const isSent = intents.some(({ key }) => key === id);
          if (!place || index < 0 || isSent) return null;
          return (
            <div
              key={`${id} ${caseId}`}
              data-request={id}
              className={requestedPlace ? styles.requested : styles.onCard}
              style={boxOnBoard(geometry, index, place.start, place.end, 3)}
            >
              <RequestText requested={requested} hasPlace={requestedPlace !== null} />
              {requestedPlace && title !== null && <br />}
              {requestedPlace && title}
            </div>
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

/** Requests without an answer, and those that were too late: their time is not requested any more. */
const isDrawn = (requested: Requested) =>
  isUnanswered(requested) || (requested.result?.kind === 'expired' && requested.result.why !== 'unknown');

function RequestText({ requested, hasPlace }: { requested: Requested; hasPlace: boolean }) {
  const { kind, title } = requested.request;
  if (requested.result) return <span>{hasPlace ? boardWords.notSent : boardWords.notSentFor(title)}</span>;
  if (kind === 'fact') return <span className={styles.fact}>{boardWords.recordedHere(title)}</span>;
  return <span>{hasPlace ? boardWords.requested : boardWords.requestedFor(title)}</span>;
}
