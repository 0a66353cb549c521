import { useState } from 'react';
import type { FocusEvent } from 'react';
import { byWords } from '../ui/by-words.ts';
import { caseFormWords as words } from '../words/case-form.ts';
import styles from './select-props.module.css';

/**
 * A select in a form. It does not open by itself, so Enter and Esc belong to the form until the person types or opens
 * it. The list itself scrolls, so that the keyboard can scroll it.
 */
export const picking = {
  size: 'xs',
  openOnFocus: false,
  allowDeselect: false,
  withScrollArea: false,
  classNames: { options: styles.options ?? '' },
  // Inside its own panel, for those who navigate by landmarks.
  comboboxProps: { shadow: 'md', portalProps: { target: '[data-floating]' } },
} as const;

/** The same with a search: Enter takes the first match. */
export const searching = {
  ...picking,
  searchable: true,
  selectFirstOptionOnChange: true,
  filter: byWords(),
  limit: 60,
} as const;

/**
 * A select for one entry or none. The first field of a form gets focus. If the typed text was not chosen, the field
 * says so on blur and shows the previous choice.
 */
export function usePickingOne(
  { isReadOnly }: { isReadOnly: boolean },
  isFirst: boolean,
  chosen: string,
  pick: (value: string | null) => void,
) {
  const [left, leave] = useState('');
  return {
    ...searching,
    clearable: !isReadOnly,
    readOnly: isReadOnly,
    'data-autofocus': isFirst || undefined,
    /** Tells the form's keys that the typed text has not been chosen yet. */
    'data-chosen': chosen,
    onChange: (value: string | null) => {
      leave('');
      pick(value);
    },
    onFocus: () => leave(''),
    onBlur: (event: FocusEvent<HTMLInputElement>) => {
      const typed = event.currentTarget.value.trim();
      if (isReadOnly || typed === chosen.trim()) return;
      if (typed === '') pick(null);
      else leave(typed);
    },
    notTaken: left === '' ? undefined : words.notTaken(left),
  };
}
