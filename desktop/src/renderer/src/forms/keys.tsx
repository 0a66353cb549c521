import { Button } from '@mantine/core';
import type { ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { useStore } from 'zustand';
import { ariaKeys, isSingle, keycaps } from '../actions/spelling.ts';
import { preferencesStore } from '../stores/preferences.ts';
import { Kbd } from '../ui/kbd.tsx';

type Props = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & { keys: string; children: ReactNode };

/** A button with a keyboard shortcut. */
export const KeyButton = ({ keys, children, ...button }: Props) => (
  <Button size="xs" aria-keyshortcuts={ariaKeys([keys])} {...button}>
    {children}&nbsp;<Kbd isHidden>{keycaps(keys).join(' ')}</Kbd>
  </Button>
);

/** Returns a function that tells whether a key works. Single-key shortcuts can be turned off; then they are not shown. */
export function useEnabledKeys(): (keys: string) => boolean {
  const singleKeys = useStore(preferencesStore, (state) => state.singleKeys);
  return (keys) => singleKeys || !isSingle(keys);
}
