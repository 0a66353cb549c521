import type { ReactNode } from 'react';
import { useReturnFocus } from './use-return-focus.ts';

/** Returns the focus to where it was when its contents are closed. */
export function ReturnFocus({ children }: { children: ReactNode }) {
  useReturnFocus();
  return children;
}
