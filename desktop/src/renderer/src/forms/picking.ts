import { useState } from 'react';
import type { FocusEvent } from 'react';
import { byWords } from '../ui/by-words.ts';
import { caseFormWords as words } from '../words/case-form.ts';
import styles from './picking.module.css';

/**
 * How something is chosen from a list in a form: nothing opens by itself, so that Enter and Esc are the form's until
 * the person types or opens it; and the list itself scrolls, which the keyboard can do.
 */
export const picking = {
  size: 'xs',
  openOnFocus: false,
  allowDeselect: false,
  withScrollArea: false,
  classNames: { options: styles.options ?? '' },
  // Within the panel it belongs to, for those who go from part to part of the page.
  comboboxProps: { shadow: 'md', portalProps: { target: '[data-floating]' } },
} as const;

/** The same with a search: what was found first is taken by Enter. */
export const searching = {
  ...picking,
  searchable: true,
  selectFirstOptionOnChange: true,
  filter: byWords(),
  limit: 60,
} as const;

/**
 * What one is chosen of, or none. The first field of a form has the keyboard when it opens. What was typed and not taken
 * is told when the field is left: it then shows again what was chosen before.
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
    /** By it the keys of the form know what is typed and not yet chosen. */
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
