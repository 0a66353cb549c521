import type { ErrorCode } from '@slate/shared/errors';

/** Messages about the connection, and about a board that is not current. */
export const connectionWords = {
  restarted:
    'The window crashed and reloaded. Saved changes are on the board. Anything you were typing is gone, so check your holds.',
  offline: (since: string) => `Offline since ${since}`,
  joined: (why: string | null, what: string) => (why === null ? what : `${why} ${what}`),
  /** Why, as far as it is known. */
  why: {
    no_network: () => 'This computer has no network. Check the cable or Wi-Fi.',
    unknown_host: (host: string) =>
      `This network doesn’t know ${host}. Make sure this computer is on the hospital network.`,
    unreachable: (host: string) => `This network has no route to ${host}.`,
    refused: (host: string) => `The computer at ${host} is there, but Slate isn’t answering on it.`,
    timeout: (host: string) => `There’s no reply from ${host}.`,
    proxy: (host: string) => `The proxy of this network doesn’t let Slate reach ${host}. Tell your IT desk.`,
    certificate: (host: string) =>
      `This computer doesn’t trust the certificate of ${host}, so Slate doesn’t connect. Tell your IT desk.`,
    certificate_date: (host: string) =>
      `The certificate of ${host} has expired, or this computer’s clock is wrong, so Slate doesn’t connect. Tell your IT desk.`,
    not_encrypted: (host: string) => `${host} answers, but not over https://. Tell your IT desk.`,
    client_certificate: (host: string) =>
      `${host} requires a certificate that proves who you are. Tell your IT desk.`,
    bad_gateway: (host: string) =>
      `A proxy answers at ${host}, but the Slate server behind it doesn’t. Tell your IT desk.`,
    other: (host: string) =>
      `Something other than Slate answers at ${host}, perhaps the sign-in page of a guest network.`,
  },
  offlineBoard: (asOf: string) =>
    `Showing the board as of ${asOf}. You can’t make changes until the server answers again. Slate keeps trying. Check the network, and print the day list if this lasts.`,
  /** The same where requests can wait at the desk. */
  offlineAtDesk: (asOf: string) =>
    `Showing the board as of ${asOf}. Your requests are saved at this desk and sent when the server answers; nothing is held or booked until then.`,
  offlineEmpty: 'Can’t load the board. Slate keeps trying. Check the network cable or Wi-Fi.',
  nothingOffline: (since: string) =>
    `You’ve been offline since ${since}. You can’t make changes until the server answers again.`,
  nothingOutdated:
    'This console and the server are different versions. You can’t make changes until you reload or update the console.',
  /** Written across the board. */
  frozen: (asOf: string) => `As of ${asOf}`,
  frozenBoard: (board: string, asOf: string) => `${board}, as of ${asOf}`,
  noAnswer: 'No reply from the server. Try again when the connection is back.',
  tryNow: 'Try now',
  asOf: (time: string) => `As of ${time}. Updating…`,
  asOfFailed: (time: string, why: string) => `As of ${time}. ${why}`,
  outdated: 'This console and the server are different versions',
  outdatedBoard: 'The board isn’t updating, and you can’t save.',
  /** `older`: which of the two has to be updated, if known. */
  outdatedHelp: (isDesktop: boolean, older: 'console' | 'server' | null) =>
    older === 'server'
      ? 'The server is older than this console. Ask your IT desk to update the server.'
      : isDesktop
        ? `${older === 'console' ? 'This console is older than the server.' : 'The console and the server weren’t updated together.'} Ask your IT desk to install the matching console.`
        : 'The server was updated while this page was open. Write down anything unsaved, then reload the page.',
  reload: 'Reload',

  failed: 'Can’t load this day',
  /** The reason, and what to do. */
  failure: (code: ErrorCode | 'unreachable' | 'not_saved' | 'not_readable') =>
    failures.get(code) ??
    'The server had a problem. Slate will try again in a moment. If this lasts, tell your IT desk.',
};

const failures = new Map<ErrorCode | 'unreachable' | 'not_saved' | 'not_readable', string>([
  ['validation', 'The server can’t show this date. Go to another date.'],
  ['rate_limited', 'Too many requests. Slate will try again in a moment.'],
  [
    'unreachable',
    'No reply from the server. Slate will try again in a moment. If this lasts, check the network. You can still open days you viewed before, as they were then.',
  ],
  [
    'not_saved',
    'You’re offline, and this desk hasn’t saved this day. Usually today and the next six days are saved.',
  ],
  [
    'not_readable',
    'You’re offline, and the saved board is damaged or from another version of Slate, so it isn’t shown. Your requests are safe.',
  ],
]);
