import { Tooltip, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { openDialog } from '../../stores/dialogs.ts';
import { mayShow, showScreen, viewStore } from '../../stores/view.ts';
import type { Screen } from '../../stores/view.ts';
import {
  AdministrationIcon,
  BoardIcon,
  FiguresIcon,
  ListIcon,
  PoolsIcon,
  PreferencesIcon,
} from '../../ui/icons.tsx';
import { headerWords as words } from '../../words/header.ts';
import styles from './rail.module.css';

const areas: { screen: Screen; activeOn: readonly Screen[]; name: string; icon: ReactNode }[] = [
  { screen: 'day', activeOn: ['day', 'week'], name: words.board, icon: <BoardIcon /> },
  { screen: 'list', activeOn: ['list'], name: words.list, icon: <ListIcon /> },
  { screen: 'pools', activeOn: ['pools'], name: words.pools, icon: <PoolsIcon /> },
  { screen: 'figures', activeOn: ['figures'], name: words.figures, icon: <FiguresIcon /> },
  {
    screen: 'administration',
    activeOn: ['administration'],
    name: words.administration,
    icon: <AdministrationIcon />,
  },
];

export function Rail() {
  const current = useStore(viewStore, (state) => state.screen);
  return (
    <nav className={styles.rail} aria-label={words.areas}>
      {areas
        .filter(({ screen }) => mayShow(screen))
        .map(({ screen, activeOn, name, icon }) => (
          <RailButton
            key={screen}
            name={name}
            isHere={activeOn.includes(current)}
            onClick={() => showScreen(screen)}
          >
            {icon}
          </RailButton>
        ))}
      <span className={styles.gap} />
      <RailButton name={words.preferences} onClick={() => openDialog({ kind: 'preferences' })}>
        <PreferencesIcon />
      </RailButton>
    </nav>
  );
}

function RailButton({
  name,
  isHere = false,
  onClick,
  children,
}: {
  name: string;
  isHere?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={name} position="right" openDelay={300}>
      <UnstyledButton
        className={styles.button}
        aria-label={name}
        aria-current={isHere ? 'page' : undefined}
        onClick={onClick}
      >
        {children}
      </UnstyledButton>
    </Tooltip>
  );
}
