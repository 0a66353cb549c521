import { useEffect, useRef, useState } from 'react';
import { createRetry } from '../../realtime/retry.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';

/**
 * Reads again after a failure: after growing pauses, and at once when the connection is back. `failure` is null while
 * there is none, and a new object each time.
 */
export function useRetry(failure: object | null, read: () => void) {
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  const [again] = useState(() => createRetry(() => isCutOff() || latest.current()));
  useEffect(() => {
    if (failure === null) {
      again.succeeded();
      return undefined;
    }
    again.later();
    const stop = connectionStore.subscribe(({ connection }, { connection: before }) => {
      if (connection.status === 'live' && before.status !== 'live') again.now();
    });
    return () => {
      stop();
      again.cancel();
    };
  }, [failure, again]);
}
