import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noElectron, openDesktop } from './electron/desktop.ts';
import type { Desktop } from './electron/desktop.ts';

describe.skipIf(noElectron())('the first run', () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await openDesktop();
  });
  afterAll(() => desktop?.close());

  test('asks for the server', async () => {
    const address = desktop.page.getByLabel('Address of the server');
    await address.waitFor();
    expect(await address.inputValue()).toBe('');
  });
});
