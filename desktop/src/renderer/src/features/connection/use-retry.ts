import { useEffect, useRef, useState } from 'react';
import { createRetry } from '../../realtime/retry.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';

/**
 * Calls `read` again after a failure: after growing pauses, and as soon as the connection is back. `failure` is a new object
 * for each failure, and null without one.
 */
export function useRetry(failure: object | null, read: () => void) {
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  const [retry] = useState(() => createRetry(() => isCutOff() || latest.current()));
  useEffect(() => {
    if (failure === null) {
      retry.succeeded();
      return undefined;
    }
    retry.later();
    const stop = connectionStore.subscribe(({ connection }, { connection: before }) => {
      if (connection.status === 'live' && before.status !== 'live') retry.now();
    });
    return () => {
      stop();
      retry.cancel();
    };
  }, [failure, retry]);
}
