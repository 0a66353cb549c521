import type { UpdateStatus } from '@slate/shared/updates';
import { actionNames } from './actions.ts';

type Refusal = Extract<UpdateStatus, { is: 'refused' }>['why'];

/** Sentences about updates of the program. */
export const updateWords = {
  title: 'Updates',
  ready: 'Update ready',
  whatIsNew: (version: string) => `New in ${version}`,
  restart: actionNames.installUpdate,
  check: actionNames.checkForUpdate,

  status: (update: UpdateStatus): string => {
    if (update.is === 'announced') return `Version ${update.version} is available. Your IT desk installs it.`;
    if (update.is === 'downloading') return `Downloading version ${update.version}: ${update.percent}%`;
    if (update.is === 'installing') return `Installing version ${update.version}…`;
    if (update.is === 'refused')
      return `${update.version === null ? 'An update' : `Version ${update.version}`} isn’t installed: ${refusals[update.why]}`;
    if (update.is !== 'ready') return plain[update.is];
    return update.needsPerson
      ? `Version ${update.version} is ready. Your computer will ask for an administrator.`
      : `Version ${update.version} is ready. Slate installs it after the next lock, while nobody uses this workstation.`;
  },

  /** Why the program may not restart now. */
  open: {
    form: 'Save or discard the open form before you restart.',
    saving: 'Wait until your changes are saved before you restart.',
    requests: 'Decide on your open requests before you restart.',
    hold: 'Book or release your hold before you restart.',
  },
};

const plain = {
  off: 'This workstation doesn’t look for updates.',
  unknown: 'Slate checks for updates after somebody signs in.',
  checking: 'Checking for updates…',
  none: 'There is no update for this workstation.',
  paused: 'Your administrators have paused updates.',
  unreachable: 'Slate can’t check for updates right now. It will try again.',
};

const tellIt = 'Tell your IT desk.';
const refusals: Record<Refusal, string> = {
  malformed: `the server’s answer can’t be read. ${tellIt}`,
  signature: `it isn’t signed by the makers of Slate. ${tellIt}`,
  product: `it is for another program. ${tellIt}`,
  channel: `it belongs to another update channel. ${tellIt}`,
  not_yet: 'it isn’t valid yet. If the clock of this workstation is wrong, tell your IT desk.',
  expired: `its signature has expired, or the clock of this workstation is wrong. ${tellIt}`,
  replayed: `the server offers an older update than before. ${tellIt}`,
  downgrade: `it is older than this version. ${tellIt}`,
  too_old: `this version is too old for it. ${tellIt}`,
  crashed: `it crashed twice while starting here, so the previous version was restored. ${tellIt}`,
  no_package: `there is no package for this kind of workstation. ${tellIt}`,
  oversized: `its file is larger than it should be. ${tellIt}`,
  hash: `its file isn’t the one that was signed. ${tellIt}`,
  redirected: `the server redirects to another address. ${tellIt}`,
  unusable: `it doesn’t start on this workstation. ${tellIt}`,
  rejected: `this computer didn’t accept it. Its system log says why. ${tellIt}`,
  busy: 'another program is installing something. Slate will try again in a few minutes.',
  forbidden: 'this workstation doesn’t let you install it. Your IT desk installs it.',
  failed: `installing it failed. The system log says why. ${tellIt}`,
  disk: `the disk is full or can’t be written. ${tellIt}`,
};
