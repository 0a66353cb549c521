/** A build is a release or a test build. Only a release may be given to people. */

export type Target = 'linux' | 'win' | 'mac';

/** The variables that sign the artefacts of a platform. */
const signing: Record<Target, readonly string[]> = {
  // The key that signs the list of hashes.
  linux: ['GPG_KEY'],
  win: ['WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD'],
  mac: ['CSC_LINK', 'CSC_KEY_PASSWORD', 'APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
};

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
  environment: Readonly<Record<string, string | undefined>>,
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
    ...unsigned,
  ];
}

/** The first part of every artefact's name. */
export const artefactName = (version: string, isRelease: boolean): string =>
  `slate-${version}${isRelease ? '' : '-test-build'}`;
