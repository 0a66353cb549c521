import { Button } from '@mantine/core';
import type { ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { ariaKeys, keycaps } from '../actions/spelling.ts';
import { Kbd } from '../ui/kbd.tsx';

type Props = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & { keys: string; children: ReactNode };

/** A button of a panel that a key presses too. */
export const KeyButton = ({ keys, children, ...button }: Props) => (
  <Button size="xs" aria-keyshortcuts={ariaKeys([keys])} {...button}>
    {children}&nbsp;<Kbd isHidden>{keycaps(keys).join(' ')}</Kbd>
  </Button>
);
