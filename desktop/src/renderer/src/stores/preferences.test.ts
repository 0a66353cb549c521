import { beforeEach, expect, test, vi } from 'vitest';
import { stubWindow } from '../../../../test/window.ts';

beforeEach(() => {
  vi.resetModules();
  return () => vi.unstubAllGlobals();
});

test('are stored and restored at the start', async () => {
  const { storage } = stubWindow();
  const { setPreferences } = await import('./preferences.ts');
  setPreferences({ theme: 'dark', rowHeight: 56 });
  vi.resetModules();
  const { preferencesStore } = await import('./preferences.ts');
  expect(preferencesStore.getState()).toMatchObject({ theme: 'dark', rowHeight: 56, layout: 'lanes' });
  expect([...storage.keys()]).toEqual(['slate.preferences']);
});

test.each(['no json', '{"theme":"pink"}', '[]', '{"people":[{"email":1}]}'])(
  'are reset if the stored ones are invalid: %s',
  async (broken) => {
    stubWindow().storage.set('slate.preferences', broken);
    const { preferencesStore } = await import('./preferences.ts');
    expect(preferencesStore.getState()).toMatchObject({ theme: 'auto', people: [] });
  },
);

test('list each person once, the latest first, up to a limit', async () => {
  stubWindow();
  const { preferencesStore, rememberPerson } = await import('./preferences.ts');
  for (const n of [1, 2, 3, 4, 5, 6, 7, 2]) rememberPerson({ email: `p${n}@a.example`, name: `P ${n}` });
  expect(preferencesStore.getState().people.map(({ name }) => name)).toEqual([
    'P 2',
    'P 7',
    'P 6',
    'P 5',
    'P 4',
    'P 3',
  ]);
});
