import { beforeEach, describe, expect, test, vi } from 'vitest';
import { stubWindow } from '../../../../test/window.ts';

beforeEach(() => {
  vi.resetModules();
  return () => vi.unstubAllGlobals();
});

test('preferences are stored, and restored at the start', async () => {
  const { storage } = stubWindow();
  const { setPreferences } = await import('./preferences.ts');
  setPreferences({ theme: 'dark', rowHeight: 56 });
  vi.resetModules();
  const { preferencesStore } = await import('./preferences.ts');
  expect(preferencesStore.getState()).toMatchObject({ theme: 'dark', rowHeight: 56, layout: 'lanes' });
  expect([...storage.keys()]).toEqual(['slate.preferences']);
});

test.each(['no json', '{"theme":"pink"}', '[]', '{"people":[{"email":1}]}'])(
  'preferences are reset if the stored text is invalid: %s',
  async (broken) => {
    stubWindow().storage.set('slate.preferences', broken);
    const { preferencesStore } = await import('./preferences.ts');
    expect(preferencesStore.getState()).toMatchObject({ theme: 'auto', people: [] });
  },
);

test('the recent people are unique, the latest first, up to a limit', async () => {
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

describe('FP11 with a policy', () => {
  const open = async () => {
    const { storage } = stubWindow();
    const [{ policyStore }, preferences] = await Promise.all([
      import('./policy.ts'),
      import('./preferences.ts'),
    ]);
    const set = (isLocked: boolean) =>
      policyStore.setState({
        idleMinutes: { value: 5, isLocked },
        holdTime: { value: 'end', isLocked },
      });
    return { ...preferences, set, storage };
  };

  test('a recommended value applies until a person chooses another', async () => {
    const { preferencesStore, setPreferences, set, storage } = await open();
    set(false);
    setPreferences({ theme: 'dark' });
    expect(preferencesStore.getState()).toMatchObject({ lockAfterMinutes: 5, holdTime: 'end' });
    expect(JSON.parse(storage.get('slate.preferences') ?? '')).toEqual({ theme: 'dark' });
    setPreferences({ lockAfterMinutes: 20, holdTime: 'countdown' });
    expect(preferencesStore.getState()).toMatchObject({ lockAfterMinutes: 20, holdTime: 'countdown' });
    vi.resetModules();
    const again = await import('./preferences.ts');
    const { policyStore } = await import('./policy.ts');
    policyStore.setState({ idleMinutes: { value: 5, isLocked: false } });
    expect(again.preferencesStore.getState()).toMatchObject({ lockAfterMinutes: 20, theme: 'dark' });
  });

  test('a locked value replaces the choice of a person while it is locked', async () => {
    const { preferencesStore, setPreferences, set } = await open();
    setPreferences({ lockAfterMinutes: 60, holdTime: 'countdown' });
    set(true);
    expect(preferencesStore.getState()).toMatchObject({ lockAfterMinutes: 5, holdTime: 'end' });
    setPreferences({ lockAfterMinutes: 60 });
    expect(preferencesStore.getState()).toMatchObject({ lockAfterMinutes: 5 });
    set(false);
    expect(preferencesStore.getState()).toMatchObject({ lockAfterMinutes: 60, holdTime: 'countdown' });
  });
});
