import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { entryWords as words } from '../../words/entry.ts';

/** For a field whose letters cannot be seen: says when they are not those that were meant. */
export function useCapsLock() {
  const [isOn, setOn] = useState(false);
  const look = (event: KeyboardEvent) => setOn(event.getModifierState('CapsLock'));
  return { onKeyDown: look, onKeyUp: look, description: isOn ? words.capsLock : undefined };
}
