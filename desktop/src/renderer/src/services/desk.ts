import { onFreeDesk } from '../shell/shell.ts';
import { connectionStore } from '../stores/connection.ts';
import { keepDeskWith, refuseDesk, takeOverDesk } from '../stores/desk-entry.ts';
import { queueStore } from '../stores/queue.ts';
import { sessionStore } from '../stores/session.ts';

/** Opens and closes the desk with the session. Opening that failed is tried again when the connection is live. */
export function keepDesk(): () => void {
  const follow = () => keepDeskWith(sessionStore.getState());
  const stops = [
    sessionStore.subscribe(follow),
    connectionStore.subscribe((now, before) => {
      if (now.connection.status === 'live' && before.connection.status !== 'live') follow();
    }),
    queueStore.subscribe(({ trouble }) => {
      if (trouble === 'retired') refuseDesk('retired');
    }),
    onFreeDesk(takeOverDesk),
  ];
  return () => stops.forEach((stop) => stop());
}
