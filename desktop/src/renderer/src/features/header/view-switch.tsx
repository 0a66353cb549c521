import { Menu, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useStore } from 'zustand';
import { useEnabledKeys } from '../../forms/keys.tsx';
import { setPreferences, preferencesStore } from '../../stores/preferences.ts';
import { mayShow, screens, showScreen, viewStore } from '../../stores/view.ts';
import type { Screen } from '../../stores/view.ts';
import { DownIcon } from '../../ui/icons.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { headerWords as words } from '../../words/header.ts';
import styles from './header.module.css';

/** From this width on, all views fit next to each other. */
const roomy = '(min-width: 1180px)';

export function ViewSwitch() {
  const current = useStore(viewStore, (state) => state.screen);
  const isEnabled = useEnabledKeys();
  const isRoomy = useMediaQuery(roomy, true, { getInitialValueInEffect: false });
  if (!isRoomy) {
    return (
      <Menu position="bottom-start" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <UnstyledButton className={styles.button} aria-label={`${words.views}: ${words.view[current]}`}>
            {words.view[current]} <DownIcon />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.RadioGroup value={current} onChange={(screen) => showScreen(screen as Screen)}>
            {screens.filter(mayShow).map((screen) => (
              <Menu.RadioItem key={screen} value={screen} closeMenuOnClick>
                {words.view[screen]}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Dropdown>
      </Menu>
    );
  }
  return (
    <div className={styles.group} role="group" aria-label={words.views}>
      {screens.filter(mayShow).map((screen, index) => (
        <UnstyledButton
          key={screen}
          aria-pressed={screen === current}
          aria-keyshortcuts={isEnabled(String(index + 1)) ? String(index + 1) : undefined}
          onClick={() => showScreen(screen)}
        >
          {words.view[screen]}
          {isEnabled(String(index + 1)) && <Kbd isHidden>{index + 1}</Kbd>}
        </UnstyledButton>
      ))}
    </div>
  );
}

const layouts = ['lanes', 'columns'] as const;

export function LayoutSwitch() {
  const layout = useStore(preferencesStore, (state) => state.layout);
  const isBoard = useStore(viewStore, ({ screen }) => screen === 'day');
  if (!isBoard) return null;
  return (
    <div className={`${styles.group} ${styles.layout}`} role="group" aria-label={words.layout}>
      {layouts.map((each) => (
        <UnstyledButton
          key={each}
          aria-pressed={each === layout}
          onClick={() => setPreferences({ layout: each })}
        >
          {words[each]}
        </UnstyledButton>
      ))}
    </div>
  );
}
