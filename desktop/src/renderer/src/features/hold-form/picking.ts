import styles from './fields.module.css';

/**
 * How something is chosen from a list in a form: nothing opens by itself, so that Enter and Esc are the form's until
 * the person types or opens it; and the list itself scrolls, which the keyboard can do.
 */
export const picking = {
  size: 'xs',
  openOnFocus: false,
  allowDeselect: false,
  withScrollArea: false,
  classNames: { options: styles['options'] ?? '' },
  // Within the panel it belongs to, for those who go from part to part of the page.
  comboboxProps: { shadow: 'md', portalProps: { target: '[data-floating]' } },
} as const;
