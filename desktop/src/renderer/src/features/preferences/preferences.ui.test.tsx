import { MantineProvider } from '@mantine/core';
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeAllDialogs, dialogStore, openDialog } from '../../stores/dialogs.ts';
import { policyStore } from '../../stores/policy.ts';
import { setPreferences, preferencesStore } from '../../stores/preferences.ts';
import { preferencesWords as words } from '../../words/preferences.ts';
import { Dialogs } from '../console/dialogs.tsx';
import { colorScheme } from './color-scheme.ts';

const user = userEvent.setup();
const stored = () => JSON.parse(localStorage.getItem('slate.preferences') ?? '{}') as Record<string, unknown>;

beforeEach(() => {
  setPreferences({
    theme: 'light',
    rowHeight: 40,
    singleKeys: true,
    lockAfterMinutes: 10,
    pixelsPerHour: 112,
  });
  render(
    <MantineProvider defaultColorScheme="auto" colorSchemeManager={colorScheme}>
      <Dialogs />
    </MantineProvider>,
  );
});
afterEach(() => {
  act(() => {
    closeAllDialogs();
    policyStore.setState(policyStore.getInitialState());
  });
  cleanup();
});
const shown = () => document.documentElement.getAttribute('data-mantine-color-scheme');
const open = async (kind: 'preferences') => {
  act(() => openDialog({ kind }));
  return within(await screen.findByRole('dialog'));
};

describe('preferences', () => {
  test('the saved color scheme applies from the start, and a new one immediately', async () => {
    expect(shown()).toBe('light');
    const dialog = await open('preferences');
    await user.click(dialog.getByRole('radio', { name: 'Dark' }));
    expect(shown()).toBe('dark');
    expect(stored()).toMatchObject({ theme: 'dark' });
    expect(Object.keys(localStorage)).not.toContain('mantine-color-scheme-value');
  });

  test('the color scheme follows a change elsewhere', () => {
    act(() => setPreferences({ theme: 'dark' }));
    expect(shown()).toBe('dark');
  });

  test('each preference has a name, takes effect and is saved', async () => {
    const dialog = await open('preferences');
    await user.click(dialog.getByRole('radio', { name: 'High' }));
    await user.click(dialog.getByRole('switch', { name: words.singleKeys }));
    const minutes = dialog.getByLabelText(words.lockAfter);
    await user.clear(minutes);
    await user.type(minutes, '5');
    dialog.getByRole('slider', { name: words.pixelsPerHour }).focus();
    await user.keyboard('{ArrowRight}');
    expect(preferencesStore.getState()).toMatchObject({
      rowHeight: 56,
      singleKeys: false,
      lockAfterMinutes: 5,
      pixelsPerHour: 120,
    });
    expect(stored()).toMatchObject({
      rowHeight: 56,
      singleKeys: false,
      lockAfterMinutes: 5,
      pixelsPerHour: 120,
    });
  });

  test.each(['0', '', '90'])('a lock after "%s" minutes is rejected', async (typed) => {
    const dialog = await open('preferences');
    const minutes = dialog.getByLabelText(words.lockAfter);
    await user.clear(minutes);
    if (typed !== '') await user.type(minutes, typed);
    const { lockAfterMinutes } = preferencesStore.getState();
    expect(lockAfterMinutes).toBeGreaterThanOrEqual(1);
    expect(lockAfterMinutes).toBeLessThanOrEqual(60);
  });

  test('Escape closes the preferences', async () => {
    await open('preferences');
    await user.keyboard('{Escape}');
    expect(dialogStore.getState().dialog).toBeNull();
  });
});

test('FP11 a locked preference is shown, but cannot be changed', async () => {
  act(() =>
    policyStore.setState({
      idleMinutes: { value: 5, isLocked: true },
      holdTime: { value: 'end', isLocked: true },
    }),
  );
  const dialog = await open('preferences');
  expect(dialog.getAllByText('Your IT department has set this.')).toHaveLength(2);
  const minutes = dialog.getByLabelText<HTMLInputElement>(words.lockAfter);
  expect([minutes.value, minutes.disabled]).toEqual(['5', true]);
  const end = dialog.getByRole<HTMLInputElement>('radio', { name: words.holdTimes.end });
  expect([end.checked, end.disabled]).toEqual([true, true]);
});

test('FP11 a recommended preference can be changed', async () => {
  act(() => policyStore.setState({ holdTime: { value: 'end', isLocked: false } }));
  const dialog = await open('preferences');
  expect(dialog.queryByText('Your IT department has set this.')).toBeNull();
  await user.click(dialog.getByRole('radio', { name: words.holdTimes.countdown }));
  expect(preferencesStore.getState().holdTime).toBe('countdown');
});
