import { program } from '../../../../../test/bridge.ts';
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { preferencesWords as words } from '../../words/preferences.ts';
import { About } from './about.tsx';

afterEach(() => {
  cleanup();
  program.isTestBuild = false;
});

const open = async () => {
  render(
    <MantineProvider env="test">
      <About />
    </MantineProvider>,
  );
  await screen.findByText('Version 1.2.3');
};

test('PK2 the facts about the program mark a test build', async () => {
  program.isTestBuild = true;
  await open();
  expect(screen.getByRole('alert').textContent).toContain(words.testBuild);
});

test('PK2 a release is not marked', async () => {
  await open();
  expect(screen.queryByText(words.testBuild)).toBeNull();
});
