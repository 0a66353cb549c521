import { MantineProvider } from '@mantine/core';
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach } from 'vitest';
import { theme } from '../src/renderer/src/ui/theme.ts';

afterEach(cleanup);

/** Draws it with the kit around it, and without anything that takes time to appear. */
export const renderInKit = (children: ReactNode) =>
  render(
    <MantineProvider theme={theme} env="test">
      {children}
    </MantineProvider>,
  );
