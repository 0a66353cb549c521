import { MantineProvider } from '@mantine/core';
import { cleanup, configure, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach } from 'vitest';
import { theme } from '../src/renderer/src/ui/theme.ts';

afterEach(cleanup);
// On a busy machine a second is not long.
configure({ asyncUtilTimeout: 8_000 });

// A document without fonts of its own: a field that grows with its text listens to them.
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() });

/** Draws it with the kit around it, and without anything that takes time to appear. */
export const renderInKit = (children: ReactNode) =>
  render(
    <MantineProvider theme={theme} env="test">
      {children}
    </MantineProvider>,
  );
