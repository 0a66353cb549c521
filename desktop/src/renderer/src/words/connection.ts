import type { ErrorCode } from '@slate/shared/errors';

/** How current the board is, and what that means for whoever works with it. */
export const connectionWords = {
  restarted:
    'The window had stopped and was loaded again. What was confirmed is on the board; what was only typed is gone, so look at your holds.',
  offline: (since: string) => `Offline since ${since}`,
  offlineBoard: (asOf: string) =>
    `The board shows what was so at ${asOf}. Holds, moves and all other changes are not possible until the server answers again. Slate keeps trying; check the network, and print the day list if it lasts.`,
  offlineEmpty:
    'The board could not be fetched. Slate keeps trying by itself; check the network cable or wireless.',
  nothingOffline: (since: string) =>
    `You have been offline since ${since}: nothing can be changed until the server answers again.`,
  nothingOutdated:
    'This console is of another version than the server: nothing can be changed before it is loaded again or updated.',
  /** On the board itself. */
  frozen: (asOf: string) => `As of ${asOf}`,
  frozenBoard: (board: string, asOf: string) => `${board}, as it was at ${asOf}`,
  noAnswer: 'The server did not answer. Try again when the connection is back.',
  tryNow: 'Try now',
  asOf: (time: string) => `As of ${time}. The present state is on its way.`,
  asOfFailed: (time: string, why: string) => `As of ${time}. ${why}`,
  outdated: 'This console is of another version than the server',
  outdatedHelp: (isDesktop: boolean, told: string) =>
    isDesktop
      ? `The board is not kept up to date, and nothing can be saved. ${told || 'They were not updated together.'} Ask your IT desk to install the console that belongs to the server.`
      : 'The server was updated while this page was open: the board is not kept up to date, and nothing can be saved. Load the page again; what you typed and did not save is gone then, so note it first.',
  reload: 'Load again',

  failed: 'The board of these days could not be fetched',
  /** Why, and what now. */
  failure: (code: ErrorCode | 'unreachable') =>
    code === 'validation'
      ? 'The server does not know these days. Go to another date.'
      : code === 'rate_limited'
        ? 'Too much was asked of the server at once. It is asked again in a moment.'
        : code === 'unreachable'
          ? 'The server did not answer. It is asked again in a moment; check the network if this stays. Days that were looked at before are still there, as they were then.'
          : 'The server could not answer. It is asked again in a moment; tell your IT desk if this stays.',
};
