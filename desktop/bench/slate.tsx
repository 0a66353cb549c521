import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.css';
import '../src/renderer/src/ui/theme.css';
import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Board } from '../src/renderer/src/features/board/board.tsx';
import { applyChanges, showBoard } from '../src/renderer/src/realtime/write-board.ts';
import { boardStore } from '../src/renderer/src/stores/board.ts';
import { syncClock, serverInstant } from '../src/renderer/src/stores/clock.ts';
import { setPreferences } from '../src/renderer/src/stores/preferences.ts';
import { sessionStore } from '../src/renderer/src/stores/session.ts';
import { theme } from '../src/renderer/src/ui/theme.ts';
import { me } from './fabricated-day.ts';
import { offer } from './subject.ts';

const withKit = (children: ReactNode) => (
  <MantineProvider theme={theme} forceColorScheme="light">
    {children}
  </MantineProvider>
);

offer(({ board, date, now, pixelsPerHour }, root) => {
  // As in the console, the UI kit is loaded before the day.
  const react = createRoot(root);
  react.render(withKit(null));
  return {
    mount() {
      syncClock(now);
      setPreferences({ layout: 'lanes', rowHeight: 40, pixelsPerHour });
      sessionStore.setState({
        status: 'signed_in',
        me: { id: me.id, name: me.name, email: 'me@example.org', sites: [] },
        site: {
          id: board.site.id,
          name: board.site.name,
          timeZone: board.site.timeZone,
          role: 'coordinator',
        },
      } as never);
      showBoard(board, date, 1);
      // Synchronous, as in the other calendars and as changes of the feed are drawn.
      flushSync(() => react.render(withKit(<Board />)));
    },
    move(item) {
      const revision = (boardStore.getState().view?.board.revision ?? 0) + 1;
      const at = serverInstant();
      const body = { type: 'case', cause: 'moved', case: item } as const;
      applyChanges([{ revision, at, by: item.createdBy ? me : null, body }], revision, at);
    },
  };
});
