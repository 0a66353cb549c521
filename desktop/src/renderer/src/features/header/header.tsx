import { Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useStore } from 'zustand';
import { ariaKeys, keycaps } from '../../actions/spelling.ts';
import { boardStore } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { openPalette } from '../../stores/palette.ts';
import { connectionStore, isSlower } from '../../stores/connection.ts';
import { presenceStore } from '../../stores/presence.ts';
import { meNow, sessionStore } from '../../stores/session.ts';
import { setDepotOpen, setInspectorOpen, viewStore } from '../../stores/view.ts';
import { DepotIcon, InspectorIcon, SearchIcon } from '../../ui/icons.tsx';
import { initialsOf } from '../../ui/initials.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { headerWords as words } from '../../words/header.ts';
import { timeOf, zoneName } from '../../words/time.ts';
import { DateControl } from './date-control.tsx';
import { LiveAge } from './live-age.tsx';
import { UserMenu } from './user-menu.tsx';
import { LayoutSwitch, ViewSwitch } from './view-switch.tsx';
import styles from './header.module.css';

export function Header() {
  const site = useStore(sessionStore, (session) => (session.status === 'signed_in' ? session.site.name : ''));
  return (
    <header className={styles.header} aria-label={words.header}>
      <VisuallyHidden component="h1">{words.console(site)}</VisuallyHidden>
      <DepotToggle />
      <DateControl />
      <ViewSwitch />
      <LayoutSwitch />
      <span className={styles.gap} />
      <SearchField />
      <People />
      <LiveAge />
      <Clock />
      <UserMenu />
      <InspectorToggle />
    </header>
  );
}

function DepotToggle() {
  const isOpen = useStore(viewStore, (state) => state.isDepotOpen);
  const count = useStore(boardStore, (state) => state.view?.board.depot.length ?? 0);
  const name = words.openDepot(count);
  return (
    <Tooltip label={name} openDelay={300}>
      <UnstyledButton
        className={styles.toggle}
        aria-label={name}
        aria-expanded={isOpen}
        onClick={() => setDepotOpen(!isOpen)}
      >
        <DepotIcon />
        {!isOpen && count > 0 && <span className={styles.count}>{count}</span>}
      </UnstyledButton>
    </Tooltip>
  );
}

function InspectorToggle() {
  const isOpen = useStore(viewStore, (state) => state.isInspectorOpen);
  return (
    <Tooltip label={words.inspector} openDelay={300}>
      <UnstyledButton
        className={styles.toggle}
        aria-label={words.inspector}
        aria-expanded={isOpen}
        onClick={() => setInspectorOpen(!isOpen)}
      >
        <InspectorIcon />
      </UnstyledButton>
    </Tooltip>
  );
}

/** The server's time in the site's zone, whatever the zone of the workstation. */
function Clock() {
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

const keys = 'Ctrl+k';

/** Looks like a field, but opens the palette, where the person types. */
function SearchField() {
  return (
    <UnstyledButton
      className={styles.search}
      aria-haspopup="dialog"
      aria-keyshortcuts={ariaKeys([keys])}
      onClick={openPalette}
    >
      <SearchIcon />
      <span>{words.search}</span>
      <Kbd isHidden>{keycaps(keys).join(' ')}</Kbd>
    </UnstyledButton>
  );
}

const maxInitials = 5;

/** The other people who have this site open. A person with several windows counts once. */
function People() {
  const people = useStore(presenceStore, (state) => state.people);
  const isUnknown = useStore(connectionStore, isSlower);
  const myId = useStore(sessionStore, meNow);
  if (people === null) {
    return isUnknown ? (
      <Tooltip label={words.presenceUnknown} openDelay={200}>
        <div className={styles.people} role="img" aria-label={words.presenceUnknown} tabIndex={0}>
          <span aria-hidden="true">?</span>
        </div>
      </Tooltip>
    ) : null;
  }
  const persons = [...new Map(people.map(({ person }) => [person.id, person])).values()].toSorted((a, b) =>
    a.name.localeCompare(b.name),
  );
  const others = persons.filter(({ id }) => id !== myId);
  const mine = persons.filter(({ id }) => id === myId);
  const first = others.length > maxInitials ? others.slice(0, maxInitials - 1) : others;
  if (others.length === 0) return null;
  const names = [...others.map(({ name }) => name), ...mine.map(({ name }) => words.you(name))];
  const label = words.present(names);
  return (
    <Tooltip label={label} multiline maw={320} openDelay={200}>
      <div className={styles.people} role="img" aria-label={label} tabIndex={0}>
        {first.map(({ id, name }) => (
          <span key={id} aria-hidden="true">
            {initialsOf(name)}
          </span>
        ))}
        {others.length > first.length && (
          <span aria-hidden="true">{words.more(others.length - first.length)}</span>
        )}
      </div>
    </Tooltip>
  );
}
