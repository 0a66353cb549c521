import { useState } from 'react';
import type { FocusEvent } from 'react';
import { byWords } from '../ui/by-words.ts';
import { caseFormWords as words } from '../words/case-form.ts';
import styles from './select-props.module.css';

/**
 * The props of a select in a form. It does not open on focus, so Enter and Esc belong to the form until the person types or
 * opens it. The list itself scrolls, so that the keyboard can scroll it.
 */
export const selectProps = {
  size: 'xs',
  openOnFocus: false,
  allowDeselect: false,
  withScrollArea: false,
  classNames: { options: styles.options ?? '' },
  // Inside the panel, so that screen readers find it there.
  comboboxProps: { shadow: 'md', portalProps: { target: '[data-floating]' } },
} as const;

/** The same with a search. Enter picks the first match. */
export const searchSelectProps = {
  ...selectProps,
  searchable: true,
  selectFirstOptionOnChange: true,
  filter: byWords(),
  limit: 60,
} as const;

/**
 * Returns the props of a select for one entry or none. The first field of a form gets the focus. If the typed text matches
 * no chosen entry on blur, the field shows an error and the previous choice.
 */
export function usePicker(
  { isReadOnly }: { isReadOnly: boolean },
  isFirst: boolean,
  chosen: string,
  pick: (value: string | null) => void,
) {
  const [unmatched, setUnmatched] = useState('');
  return {
    ...searchSelectProps,
    clearable: !isReadOnly,
    readOnly: isReadOnly,
    'data-autofocus': isFirst || undefined,
    /** Tells the form's keys that the typed text has not been chosen yet. */
    'data-chosen': chosen,
    onChange: (value: string | null) => {
      setUnmatched('');
      pick(value);
    },
    onFocus: () => setUnmatched(''),
    onBlur: (event: FocusEvent<HTMLInputElement>) => {
      const typed = event.currentTarget.value.trim();
      if (isReadOnly || typed === chosen.trim()) return;
      if (typed === '') pick(null);
      else setUnmatched(typed);
    },
    notInList: unmatched === '' ? undefined : words.notInList(unmatched),
  };
}
