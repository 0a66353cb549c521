import { serverAddress } from '../bridge.ts';
import { Refused } from './refused.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

export type ServerChoice = {
  get(): string | null;
  /** From now on this address may be chosen: Slate has been found there. */
  found(address: string): void;
  choose(address: string): void;
};

/** The server this console belongs to. One named from outside holds for this run only. */
export function createServerChoice(named: string | undefined, settings: Settings, log: Log): ServerChoice {
  const known = new Set<string>();
  let server = settings.get().server;
  if (named !== undefined) {
    const parsed = serverAddress.safeParse(named);
    if (parsed.success) server = parsed.data;
    else log.warn('SLATE_SERVER is not the address of a server and is ignored.');
  }
  return {
    get: () => server,
    found: (address) => {
      known.add(address);
    },
    choose: (address) => {
      if (!known.has(address)) throw new Refused('Try the address first: Slate wasn’t found there yet.');
      server = address;
      settings.change({ server });
      log.info('Another server was chosen.');
    },
  };
}
