import { describe, expect, test } from 'vitest';
import { artefactName, maintainerOf, obstaclesToRelease } from './release.ts';

const checkout = { tags: ['v1.2.3'], isClean: true };
const keys = {
  GPG_KEY: 'slate',
  SLATE_MAINTAINER: 'Jane Doe <jane@example.org>',
  SLATE_HOMEPAGE: 'https://slate.example.org',
  WIN_CSC_LINK: 'certificate.pfx',
  WIN_CSC_KEY_PASSWORD: 'secret',
  CSC_LINK: 'certificate.p12',
  CSC_KEY_PASSWORD: 'secret',
  APPLE_API_KEY: 'key.p8',
  APPLE_API_KEY_ID: 'id',
  APPLE_API_ISSUER: 'issuer',
};
const obstacles = (
  environment: Record<string, string | undefined> = keys,
  from: Parameters<typeof obstaclesToRelease>[2] = checkout,
) => obstaclesToRelease('1.2.3', ['linux', 'win', 'mac'], from, environment);

describe('PK2 a release', () => {
  test('is signed, clean and tagged', () => expect(obstacles()).toEqual([]));

  test.each(Object.keys(keys))('is refused without %s', (name) => {
    expect(obstacles({ ...keys, [name]: undefined })).toEqual([expect.stringContaining(name)]);
    expect(obstacles({ ...keys, [name]: '' })).toHaveLength(1);
  });

  test('is refused with another Electron', () => {
    expect(obstacles({ ...keys, ELECTRON_OVERRIDE_DIST_PATH: '/opt/electron' })).toEqual([
      'ELECTRON_OVERRIDE_DIST_PATH names another Electron than the one in package-lock.json.',
    ]);
  });

  test('is refused from a changed checkout or another tag', () => {
    expect(obstacles(keys, { ...checkout, isClean: false })).toEqual([
      'The checkout has changes that are not committed.',
    ]);
    expect(obstacles(keys, { ...checkout, tags: ['v1.2.2'] })).toEqual([
      'The commit does not have the tag v1.2.3.',
    ]);
  });

  test('needs only the keys of its platforms', () => {
    expect(
      obstaclesToRelease('1.2.3', ['win'], checkout, {
        ...keys,
        GPG_KEY: '',
        SLATE_MAINTAINER: '',
        SLATE_HOMEPAGE: '',
      }),
    ).toEqual([]);
  });

  test('is the only build that is not named a test build', () => {
    expect(artefactName('1.2.3', true)).toBe('slate-1.2.3');
    expect(artefactName('1.2.3', false)).toBe('slate-1.2.3-test-build');
  });

  test('names its maintainer, and a test build has none', () => {
    expect(maintainerOf({})).toBe('Slate project');
    expect(maintainerOf(keys)).toBe('Jane Doe <jane@example.org>');
    for (const wrong of ['Jane Doe', 'jane@example.org', 'Jane <jane>', 'Jane <a@b.c>\nDepends: evil'])
      expect(() => maintainerOf({ SLATE_MAINTAINER: wrong })).toThrow('SLATE_MAINTAINER');
  });
});
