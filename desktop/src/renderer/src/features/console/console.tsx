import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import type { ComponentType } from 'react';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { boardAsOf } from '../../stores/cut-off.ts';
import { needsNow, sessionStore } from '../../stores/session.ts';
import { setDepotOpen, setInspectorOpen, viewStore, zoneNow } from '../../stores/view.ts';
import type { Screen } from '../../stores/view.ts';
import { connectionWords } from '../../words/connection.ts';
import { headerWords as words } from '../../words/header.ts';
import { timeOf } from '../../words/time.ts';
import { Board } from '../board/board.tsx';
import { AsOf, BoardFailed, ConnectionBanner } from '../connection/unreliable-board.tsx';
import { NetworkBack } from '../desk/network-back.tsx';
import { Depot } from '../depot/depot.tsx';
import { Figures } from '../figures/figures.tsx';
import { Header } from '../header/header.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { Keyboard } from '../keys/keyboard.tsx';
import { CaseList } from '../list/list.tsx';
import { Pools } from '../pools/pools.tsx';
import { StatusBar } from '../status-bar/status-bar.tsx';
import { Toasts } from '../toasts/toasts.tsx';
import { Dialogs } from './dialogs.tsx';
import { LoadAdministration } from './load-administration.tsx';
import { Rail } from './rail.tsx';
import styles from './console.module.css';

/** From these widths on, the side panels fit next to the board. On narrower windows they lie over it. */
const depotFits = '(min-width: 1500px)';
const inspectorFits = '(min-width: 1100px)';

/** The layout of the console. The order of its elements is the Tab order. */
export function Console() {
  const screen = useStore(viewStore, (state) => state.screen);
  const hasFailed = useStore(boardStore, ({ view, failure }) => view === null && failure !== null);
  const isDepotOpen = useStore(viewStore, (state) => state.isDepotOpen);
  const isInspectorOpen = useStore(viewStore, (state) => state.isInspectorOpen);
  const isPasswordNeeded = useStore(sessionStore, () => needsNow() === 'password');
  useAutoOpen(depotFits, setDepotOpen);
  useAutoOpen(inspectorFits, setInspectorOpen);
  const main = useRef<HTMLElement>(null);
  useStore(connectionStore, isCutOff);
  const at = useStore(boardStore, boardAsOf);
  const frozenAt = at === null ? null : timeOf(at, zoneNow());
  const name = words.main[screen];
  const hasPanels = screen !== 'administration';

  return (
    <div className={styles.console}>
      <button
        type="button"
        className={styles.skip}
        onClick={() => {
          const inside = main.current?.querySelector<HTMLElement>('[tabindex="0"], button, input');
          (inside ?? main.current)?.focus();
        }}
      >
        {words.skipToBoard}
      </button>
      <div className={styles.banner}>{isPasswordNeeded ? <NetworkBack /> : <ConnectionBanner />}</div>
      <Header />
      <Rail />
      {isDepotOpen && hasPanels && (
        <div className={styles.depot}>
          <Depot />
        </div>
      )}
      <main
        ref={main}
        className={styles.main}
        aria-label={frozenAt === null ? name : connectionWords.frozenBoard(name, frozenAt)}
        tabIndex={-1}
      >
        <AsOf />
        <div className={styles.screen} data-frozen={frozenAt !== null || undefined}>
          {hasFailed ? <BoardFailed /> : <ScreenOf screen={screen} />}
        </div>
        {frozenAt !== null && (
          <div className={styles.frozen} data-screen={screen} aria-hidden="true">
            <span>{connectionWords.frozen(frozenAt)}</span>
          </div>
        )}
        <Toasts />
        <Keyboard />
      </main>
      {isInspectorOpen && hasPanels && (
        <div className={styles.inspector}>
          <Inspector />
        </div>
      )}
      <StatusBar />
      <Dialogs />
    </div>
  );
}

/** Opens or closes a side panel when the window becomes wide or narrow. The person can still open and close it. */
function useAutoOpen(query: string, open: (isOpen: boolean) => void) {
  const hasRoom = useMediaQuery(query, undefined, { getInitialValueInEffect: false });
  useEffect(() => {
    if (hasRoom !== undefined) open(hasRoom);
  }, [hasRoom, open]);
}

const screens: Record<Screen, ComponentType> = {
  day: Board,
  week: Board,
  list: CaseList,
  pools: Pools,
  figures: Figures,
  administration: LoadAdministration,
};

function ScreenOf({ screen }: { screen: Screen }) {
  const Drawn = screens[screen];
  return <Drawn />;
}
