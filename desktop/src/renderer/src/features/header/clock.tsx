import { useStore } from 'zustand';
import { useNow } from '../../stores/clock.ts';
import { sessionStore } from '../../stores/session.ts';
import { headerWords as words } from '../../words/header.ts';
import { timeOf, zoneName } from '../../words/time.ts';
import styles from './header.module.css';

/** The server's time in the site's zone: what the board goes by, wherever this workstation stands. */
export function Clock() {
  const site = useStore(sessionStore, (session) => (session.status === 'signed_in' ? session.site : null));
  const now = new Date(useNow(60_000)).toISOString();
  if (!site) return null;
  const [time, zone] = [timeOf(now, site.timeZone), zoneName(now, site.timeZone)];
  return (
    <div className={styles.clock} title={words.clock(time, zone, site.name)}>
      <time dateTime={now}>{time}</time> <span>{zone}</span>
    </div>
  );
}
