import { useState } from 'react';
import type { KeyboardEvent } from 'react';

type Keys = {
  /** Ctrl+Enter; ⌘ on a Mac. */
  confirm: () => void;
  /** Enter. */
  keep: () => void;
  /** Esc; twice if something was typed. */
  leave: () => void;
  extend: (() => void) | null;
  isChanged: boolean;
};

const isTyping = (target: EventTarget) =>
  target instanceof HTMLInputElement ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement;

/** Whether text was typed or deleted in a select and nothing is chosen yet. */
const isUnchosen = (target: EventTarget) =>
  target instanceof HTMLInputElement &&
  target.dataset['chosen'] !== undefined &&
  target.value.trim() !== target.dataset['chosen'].trim();

/** Picks the first option. On fast type-and-Enter, the list has not selected it yet. */
function chooseFirst(target: HTMLElement) {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.value.trim() === '') {
    // Leaving the field empty clears the choice.
    target.blur();
    return target.focus();
  }
  const list = document.getElementById(target.getAttribute('aria-controls') ?? '');
  list?.querySelector<HTMLElement>('[role="option"]')?.click();
}

/** Handles the keys of a form. `isEscPending`: Esc was pressed once, and the next Esc discards the entries. */
export function useFormKeys({ confirm, keep, leave, extend, isChanged }: Keys) {
  const [isEscPending, setEscPending] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof HTMLElement) || event.nativeEvent.isComposing) return;
    const isOpen = target.getAttribute('aria-expanded') === 'true';
    if (event.key !== 'Escape' && isEscPending) setEscPending(false);
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      // The first press only picks the option, so that the person sees what is sent.
      if (isUnchosen(target)) chooseFirst(target);
      else confirm();
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      chooseFirst(target);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      // Enter on a button presses it; in a note it starts a new line.
      if (target instanceof HTMLButtonElement || target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      keep();
    } else if (event.key === 'Escape' && !isOpen) {
      event.preventDefault();
      if (isChanged && !isEscPending) setEscPending(true);
      else leave();
    } else if (event.code === 'KeyE' && extend && !event.ctrlKey && !event.metaKey) {
      if (isTyping(target) && !event.altKey) return;
      event.preventDefault();
      extend();
    }
  };
  return { onKeyDown, isEscPending };
}
