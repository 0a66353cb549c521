import { MantineProvider } from '@mantine/core';
import { cleanup, configure, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach } from 'vitest';
import { theme } from '../src/renderer/src/ui/theme.ts';

afterEach(cleanup);
// A busy machine may need more than a second.
configure({ asyncUtilTimeout: 8_000 });

// happy-dom has no `document.fonts`, which growing text fields listen to.
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() });

/** Renders inside Mantine without transitions. */
export const renderInKit = (children: ReactNode) =>
  render(
    <MantineProvider theme={theme} env="test">
      {children}
    </MantineProvider>,
  );
