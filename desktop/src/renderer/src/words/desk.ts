const requests = (count: number) => (count === 1 ? '1 request' : `${count} requests`);
const wait = (count: number) => (count === 1 ? 'waits' : 'wait');
/** Working at a desk without the network, and coming back. No sentence here names a patient. */
export const deskWords = {
  /** Why this workstation could not let the person in either. */
  notLetIn: {
    nobody: 'You haven’t worked at this workstation before, so it can’t check your password itself.',
    too_long_ago: 'Your last sign-in at this workstation was too long ago to work here without the network.',
    switched_off: 'Your site doesn’t allow working without the network.',
    unreadable: 'Your data at this workstation can’t be read. Nothing was deleted.',
    no_board: 'This workstation has no board of yours to show. Your requests are safe.',
  },
  /** Guessing is slowed down, because the server cannot count the attempts. */
  wait: 'Wrong password. The next try is possible in a moment.',
  waitLeft: (seconds: number) => (seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`),

  noDesk: (why: string) =>
    `You can work, but not without the network: ${why || 'this workstation can’t save your work.'}`,
  /** The other tab with this desk was closed or locked. */
  tookOver: 'Your desk is open in this tab now. You can also work here without the network.',
  left: 'The screen was locked, or the person or the site changed, before it was saved.',
  /** Shown when a desk is created in a browser. */
  mayVanish:
    'If the server can’t be reached, your requests wait in this browser. It may delete them when it runs out of space or crashes, and a private window deletes them when you close it. Don’t close Slate before they are sent. The desktop program keeps them safely.',
  /** The browser has deleted its database. */
  lost: 'This browser found its saved data damaged, perhaps after a crash, and deleted it. Requests that waited here are gone and were not sent. Compare with the board.',
  boardNotSaved: (why: string) =>
    `Couldn’t save the board at this workstation, so without the network it will show an older one. ${why}`,

  /** The server is back, but the person came in without it. */
  backTitle: 'Sign in again',
  back: 'The network is back.',
  enterPassword: (count: number) =>
    count === 0
      ? 'Enter your password to continue with the live board.'
      : `Enter your password to send ${requests(count)}.`,
  signIn: 'Sign in',
  later: 'Later',
  stillWithout: (count: number) =>
    count === 0
      ? 'You’re working without the server.'
      : `You’re working without the server. ${requests(count)} ${wait(count)} to be sent.`,
  refusedHere:
    'The server didn’t accept this password, so nothing was sent. Type it again. If you changed it on another computer, enter the new one. If your account may be disabled, ask your administrator.',
  showUnsent: 'Show what wasn’t sent',

  unsent: 'Not sent',
  /** The event and its meaning. */
  refused: {
    role: (site: string) =>
      `You no longer have a role at ${site}, so the server doesn’t take requests from you there. Nothing below was sent.`,
    retired: () =>
      'An administrator retired this desk, so the server doesn’t take requests from it. Nothing below was sent.',
    other: () =>
      'This is the list of another person, whose device was retired. Nothing below was sent. Make sure they know.',
    account: () =>
      'The server doesn’t accept your password any more, so nothing below was sent. If you only changed your password, go back and sign in with the new one: then everything is still here.',
  },
  retireAndShow: 'Retire the device and show the list',
  noAnswer: 'No reply from the server. Try again when the connection is back.',
  othersUnreadable: 'The data of this person at this workstation can’t be read.',
  unsentHelp: (name: string) =>
    `Print or note what still has to be done, and tell the desk. When you confirm, all data of ${name} at this workstation is deleted.`,
  nothingUnsent: 'Nothing was waiting to be sent.',
  madeAt: 'Requested',
  request: 'Request',
  print: 'Print',
  seen: 'I have seen this. Delete it here.',
  keep: 'Keep it and leave',
  retiredUnread: (count: number) =>
    `An administrator retired this desk. ${requests(count)} of yours ${count === 1 ? 'wasn’t' : 'weren’t'} sent. Sign out, then sign in with your password to see the list.`,

  unreadable: 'This desk can’t be read',
  why: {
    key: 'The key of your data at this workstation no longer fits.',
    safe: 'The system’s keyring doesn’t return the key of your data at this workstation. If it is locked, unlock it, and start Slate again.',
    damaged: 'The log of your requests at this workstation is damaged.',
  },
  unreadableHelp: (location: string) =>
    `Nothing was deleted or sent. It is in ${location}. Your work on the server is safe. You can keep working, but without the network only after you start a new desk. If requests were waiting, ask your IT desk before you set this one aside.`,
  setAsideAndStart: 'Set aside and start a new one',
  notNow: 'Not now',
  setAside: (location: string) => `A new desk was started. The old one is in ${location}.`,

  /** Requests of other people at this workstation: how many, not what. */
  waitHere: (count: number, name: string) =>
    `${requests(count)} of ${name} ${wait(count)} at this desk. ${count === 1 ? 'It is' : 'They are'} sent when ${name} signs in here.`,
};
