import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.css';
import '../src/renderer/src/ui/theme.css';
import { isPlaced } from '@slate/shared/cases';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { Board } from '../src/renderer/src/features/board/board.tsx';
import { WallBoard } from '../src/renderer/src/features/wall/wall.tsx';
import { showBoard } from '../src/renderer/src/realtime/write-board.ts';
import { syncClock } from '../src/renderer/src/stores/clock.ts';
import { intentStore } from '../src/renderer/src/stores/intents.ts';
import { expiredStore } from '../src/renderer/src/stores/expired.ts';
import { setPreferences } from '../src/renderer/src/stores/preferences.ts';
import { sessionStore } from '../src/renderer/src/stores/session.ts';
import { select } from '../src/renderer/src/stores/view.ts';
import { theme } from '../src/renderer/src/ui/theme.ts';
import { fabricatedDay, me } from './fabricated-day.ts';

const query = new URLSearchParams(location.search);
const number = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
const date = '2026-11-20';
const now = query.get('now') ?? `${date}T17:23:00.000Z`;
const days = number('days', 1);
const root = document.querySelector('#root');
if (!root) throw new Error('The page has no #root.');

const board = fabricatedDay({ rooms: number('rooms', 60), cases: number('cases', 1000), date, days, now });
syncClock(now);
setPreferences({
  layout: query.get('layout') === 'columns' ? 'columns' : 'lanes',
  rowHeight: ([28, 40, 56] as const).find((height) => height === number('row', 40)) ?? 40,
});
sessionStore.setState({
  status: 'signed_in',
  me: { id: me.id, name: me.name, email: 'me@example.org', sites: [] },
  site: { id: board.site.id, name: board.site.name, timeZone: board.site.timeZone, role: 'coordinator' },
} as never);
showBoard(board, date, days);
if (query.has('pending')) {
  const [one, other] = board.cases.slice(20).filter(({ state }) => state === 'scheduled');
  if (one && other && isPlaced(one) && isPlaced(other)) {
    const place = {
      roomId: board.resources[2]?.id ?? '',
      start: `${date}T23:30:00.000Z`,
      end: `${date}T23:59:00.000Z`,
    };
    intentStore.setState({
      intents: [
        {
          key: '1',
          name: 'moveCase',
          cases: [{ caseId: one.id, place, title: one.title }],
          sentAt: 0,
          isSettled: false,
        },
      ],
    });
    const gone = { ...other, start: `${date}T22:30:00.000Z`, end: `${date}T23:20:00.000Z` };
    expiredStore.setState({ expired: [{ item: gone, now: other }] });
  }
  select(one?.id ?? null);
}
createRoot(root).render(
  <MantineProvider theme={theme} forceColorScheme={query.get('scheme') === 'dark' ? 'dark' : 'light'}>
    {query.has('wall') ? <WallBoard /> : <Board />}
  </MantineProvider>,
);
