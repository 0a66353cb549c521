import { Tooltip } from '@mantine/core';
import { useStore } from 'zustand';
import { useClock } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import type { Connection } from '../../stores/connection.ts';
import { zoneNow } from '../../stores/view.ts';
import { headerWords as words } from '../../words/header.ts';
import { timeOf } from '../../words/time.ts';
import styles from './header.module.css';

/** Heartbeats arrive every 10 s. If one is late, the age of the board is unknown. */
const quietMs = 13_000;

type Shown = { glyph: string; text: string; help: string; tone: 'good' | 'waiting' | 'bad' };

/** Shows how current the board is, as far as that is known. */
export function LiveAge() {
  const { connection, lastContactAt } = useStore(connectionStore);
  // While heartbeats arrive, no seconds are shown.
  const silentMs = useClock(1_000, (now) => {
    const ms = lastContactAt === null ? 0 : now - lastContactAt;
    return connection.status === 'reconnecting' || ms > quietMs ? ms : 0;
  });
  const { glyph, text, help, tone } = shownFor(connection, silentMs);
  return (
    <Tooltip label={help} multiline w={260} openDelay={200}>
      <span
        className={styles.live}
        data-tone={tone}
        tabIndex={0}
        role="note"
        aria-label={words.withHelp(text, help)}
      >
        <span aria-hidden="true">{glyph}</span> {text}
      </span>
    </Tooltip>
  );
}

function shownFor(connection: Connection, silentMs: number): Shown {
  if (connection.status === 'connecting') {
    return { glyph: '◌', text: words.connecting, help: words.connectingHelp, tone: 'waiting' };
  }
  if (connection.status === 'catching_up') {
    return { glyph: '◌', text: words.catchingUp, help: words.catchingUpHelp, tone: 'waiting' };
  }
  if (connection.status === 'offline') {
    const since = timeOf(new Date(connection.since).toISOString(), zoneNow());
    return { glyph: '▲', text: words.offline(since), help: words.offlineHelp, tone: 'bad' };
  }
  if (connection.status === 'outdated') {
    return { glyph: '▲', text: words.outdated, help: words.outdatedHelp, tone: 'bad' };
  }
  if (connection.status === 'reconnecting' || silentMs > 0) {
    const text = words.quiet(Math.round(silentMs / 1000));
    return { glyph: '◌', text, help: words.quietHelp, tone: 'waiting' };
  }
  if (connection.isSlower) {
    return { glyph: '◒', text: words.slower, help: words.slowerHelp, tone: 'waiting' };
  }
  // Clocks are no more exact than a tenth of a second.
  const lag = words.seconds(Math.max(0.1, connection.lagMs / 1000));
  return { glyph: '●', text: words.live(lag), help: words.liveHelp, tone: 'good' };
}
