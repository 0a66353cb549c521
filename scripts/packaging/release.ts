/** A build is a release or a test build. Only a release may be given to people. */

export type Target = 'linux' | 'win' | 'mac';

/** The variables that sign the artefacts of a platform. */
const signing: Record<Target, readonly string[]> = {
  // The key that signs the list of hashes.
  linux: ['GPG_KEY'],
  win: ['WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD'],
  mac: ['CSC_LINK', 'CSC_KEY_PASSWORD', 'APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
};

type Environment = Readonly<Record<string, string | undefined>>;

export type Checkout = {
  /** Git's tags of the commit. */
  tags: readonly string[];
  isClean: boolean;
};

/** Returns why a build cannot be a release, one sentence for each reason. */
export function obstaclesToRelease(
  version: string,
  targets: readonly Target[],
  { tags, isClean }: Checkout,
  environment: Environment,
): string[] {
  const unset = (name: string) => !environment[name];
  const unsigned = targets.flatMap((target) => {
    const missing = signing[target].filter(unset);
    return missing.length === 0 ? [] : `${target} would not be signed: set ${missing.join(', ')}.`;
  });
  return [
    ...(isClean ? [] : ['The checkout has changes that are not committed.']),
    ...(tags.includes(`v${version}`) ? [] : [`The commit does not have the tag v${version}.`]),
    ...(unset('ELECTRON_OVERRIDE_DIST_PATH')
      ? []
      : ['ELECTRON_OVERRIDE_DIST_PATH names another Electron than the one in package-lock.json.']),
    ...(targets.includes('linux') && unset('SLATE_MAINTAINER')
      ? [
          'linux would have no maintainer: set SLATE_MAINTAINER to a name and an address, as Jane Doe <jane@example.org>.',
        ]
      : []),
    ...(targets.includes('linux') && unset('SLATE_HOMEPAGE')
      ? ['The rpm cannot be built without a home page: set SLATE_HOMEPAGE to an address.']
      : []),
    ...unsigned,
  ];
}

/** The maintainer that the packages of Linux name. A test build may have none, so it names the project, without an address. */
export function maintainerOf({ SLATE_MAINTAINER: maintainer }: Environment): string {
  if (!maintainer) return 'Slate project';
  if (/^[^<>\p{Cc}]+ <[^<>@\s]+@[^<>@\s]+>$/u.test(maintainer)) return maintainer;
  throw new Error('SLATE_MAINTAINER must be a name and an address, as Jane Doe <jane@example.org>.');
}

/** The first part of every artefact's name. */
export const artefactName = (version: string, isRelease: boolean): string =>
  `slate-${version}${isRelease ? '' : '-test-build'}`;
