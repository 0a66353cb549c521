import { Menu, UnstyledButton } from '@mantine/core';
import { useStore } from 'zustand';
import { openDialog } from '../../stores/dialogs.ts';
import { goToSite, lock, sessionStore, signOut } from '../../stores/session.ts';
import { initialsOf } from '../../ui/initials.ts';
import { actionNames } from '../../words/actions.ts';
import { headerWords as words } from '../../words/header.ts';
import styles from './header.module.css';

export function UserMenu() {
  const session = useStore(sessionStore);
  if (session.status !== 'signed_in') return null;
  const { me, site } = session;
  return (
    <Menu position="bottom-end" width={240} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={styles.me} aria-label={words.me(initialsOf(me.name), me.name)}>
          {initialsOf(me.name)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <strong>{me.name}</strong>
          <span>
            {words.roles[site.role]} · {site.name}
          </span>
        </div>
        <Menu.Divider />
        {me.sites.length > 1 && (
          <>
            <Menu.Label>{words.site}</Menu.Label>
            <Menu.RadioGroup value={site.id} onChange={goToSite}>
              {me.sites.map(({ id, name }) => (
                <Menu.RadioItem key={id} value={id} closeMenuOnClick>
                  {name}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Menu.Divider />
          </>
        )}
        <Menu.Item onClick={() => openDialog({ kind: 'preferences' })}>{words.preferences}</Menu.Item>
        <Menu.Item onClick={() => openDialog({ kind: 'password' })}>{actionNames.changePassword}</Menu.Item>
        <Menu.Item onClick={() => openDialog({ kind: 'about' })}>{words.about}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void lock()}>{words.lock}</Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{words.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
