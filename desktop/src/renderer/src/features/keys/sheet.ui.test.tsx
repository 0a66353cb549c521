import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { actions } from '../../actions/table.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { groupNames } from '../../words/actions.ts';
import { KeySheet, chordsOf } from './sheet.tsx';

const user = userEvent.setup();
beforeEach(() => {
  render(
    <MantineProvider>
      <KeySheet />
    </MantineProvider>,
  );
});
afterEach(() => setPreferences({ singleKeys: true }));

const names = () => screen.getAllByRole('term').map(({ textContent }) => textContent);

test('the sheet lists every action with a key, in its group', () => {
  const expected = actions.filter(({ keys }) => keys.length > 0).map(({ name }) => name);
  expect(names().toSorted()).toEqual(expected.toSorted());
  for (const name of Object.values(groupNames)) {
    expect(screen.getByRole('heading', { name })).toBeDefined();
  }
});

test('the search finds names and keys', async () => {
  const field = screen.getByRole('textbox', { name: 'Search keys' });
  await user.type(field, 'nudge');
  expect(names()).toEqual(['Nudge the case 5 minutes or one room']);
  await user.clear(field);
  await user.type(field, 'ctrl k');
  expect(names()).toEqual(['Search or run a command']);
  await user.clear(field);
  await user.type(field, 'qwxz');
  expect(screen.queryAllByRole('term')).toEqual([]);
  expect(screen.getByText(/No keys match “qwxz”/)).toBeDefined();
});

test('a letter typed in the search runs no action', async () => {
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Search keys' });
  await user.type(field, 'm?');
  expect(field.value).toBe('m?');
});

test('keys that differ in their last part are shown as one', () => {
  expect(chordsOf(['Alt+ArrowLeft', 'Alt+ArrowRight'], false)).toEqual([['Alt', '←', '→']]);
  expect(chordsOf(['ArrowUp', 'ArrowDown'], false)).toEqual([['↑', '↓']]);
  expect(chordsOf(['PageUp', 'PageDown'], false)).toEqual([['PgUp'], ['PgDn']]);
  expect(chordsOf(['Ctrl+z'], true)).toEqual([['⌘', 'Z']]);
});
