import { Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { sessionStore } from '../../stores/session.ts';
import { openDepot, openInspector, viewStore } from '../../stores/view.ts';
import { DepotIcon, InspectorIcon } from '../../ui/icons.tsx';
import { headerWords as words } from '../../words/header.ts';
import { Clock } from './clock.tsx';
import { DateControl } from './date-control.tsx';
import { LiveAge } from './live-age.tsx';
import { People } from './people.tsx';
import { SearchField } from './search-field.tsx';
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
        onClick={() => openDepot(!isOpen)}
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
        onClick={() => openInspector(!isOpen)}
      >
        <InspectorIcon />
      </UnstyledButton>
    </Tooltip>
  );
}
