import { Board } from '../board/board.tsx';
import { Depot } from '../depot/depot.tsx';
import { Header } from '../header/header.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { StatusBar } from '../status-bar/status-bar.tsx';
import styles from './console.module.css';

/** The layout of a working console. */
export function Console() {
  return (
    <div className={styles.console}>
      <Header />
      <Depot />
      <main className={styles.main}>
        <Board />
      </main>
      <Inspector />
      <StatusBar />
    </div>
  );
}
