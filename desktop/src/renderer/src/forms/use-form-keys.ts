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

/** Text was typed or deleted in a select, and nothing chosen yet. */
const isUnchosen = (target: EventTarget) =>
  target instanceof HTMLInputElement &&
  target.dataset['chosen'] !== undefined &&
  target.value.trim() !== target.dataset['chosen'].trim();

/** On fast type-and-Enter, pick the first option: the list selects it only a moment later. */
function takeFirst(target: HTMLElement) {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.value.trim() === '') {
    // Leaving the field empty clears the choice.
    target.blur();
    return target.focus();
  }
  const list = document.getElementById(target.getAttribute('aria-controls') ?? '');
  list?.querySelector<HTMLElement>('[role="option"]')?.click();
}

/** The keys of a form. `isAsked`: Esc was pressed once; the next one discards what was typed. */
export function useFormKeys({ confirm, keep, leave, extend, isChanged }: Keys) {
  const [isAsked, setAsked] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof HTMLElement) || event.nativeEvent.isComposing) return;
    const isOpen = target.getAttribute('aria-expanded') === 'true';
    if (event.key !== 'Escape' && isAsked) setAsked(false);
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      // A form sends what it shows: first the field must show the choice.
      if (isUnchosen(target)) takeFirst(target);
      else confirm();
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      takeFirst(target);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      // Enter on a button presses it; in a note it starts a new line.
      if (target instanceof HTMLButtonElement || target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      keep();
    } else if (event.key === 'Escape' && !isOpen) {
      event.preventDefault();
      if (isChanged && !isAsked) setAsked(true);
      else leave();
    } else if (event.code === 'KeyE' && extend && !event.ctrlKey && !event.metaKey) {
      if (isTyping(target) && !event.altKey) return;
      event.preventDefault();
      extend();
    }
  };
  return { onKeyDown, isAsked };
}
