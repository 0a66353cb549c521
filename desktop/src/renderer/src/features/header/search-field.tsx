import { UnstyledButton } from '@mantine/core';
import { ariaKeys, keycaps } from '../../actions/spelling.ts';
import { openPalette } from '../../stores/palette.ts';
import { SearchIcon } from '../../ui/icons.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { headerWords as words } from '../../words/header.ts';
import styles from './header.module.css';

const keys = 'Ctrl+k';

/** Looks like the field it opens: what is typed is typed there. */
export function SearchField() {
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
