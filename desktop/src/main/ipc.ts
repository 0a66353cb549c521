/** Where the page's questions arrive: the only place that listens to it. */
import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import { requests } from '../bridge.ts';
import type { Bridge, Reply, RequestChannel, RequestName } from '../bridge.ts';
import type { Log } from './log.ts';
import { Refused } from './refused.ts';

type Answer<Name extends RequestName> = Awaited<ReturnType<Bridge[Name]>>;
export type Handlers = {
  readonly [Name in RequestName]: (
    ...given: Parameters<Bridge[Name]>
  ) => Answer<Name> | Promise<Answer<Name>>;
};

export type IpcDeps = {
  /** Whether it is our page that asks, and not something it embeds or that took its place. */
  isOurs: (event: IpcMainInvokeEvent) => boolean;
  log: Log;
};

export function answerRequests(handlers: Handlers, { isOurs, log }: IpcDeps): void {
  for (const name of Object.keys(requests) as RequestName[]) {
    const channel: RequestChannel = `slate:ask:${name}`;
    const { takes, gives } = requests[name];
    const handle = handlers[name] as (...given: readonly unknown[]) => unknown;
    ipcMain.handle(channel, async (event, ...given: unknown[]): Promise<Reply> => {
      if (!isOurs(event)) {
        log.warn(`${name} was asked by a page that is not the console, and refused.`);
        return { refused: 'Only the console may ask this.' };
      }
      const taken = takes.safeParse(given);
      if (!taken.success) {
        log.warn(`${name} was asked with malformed arguments, and refused.`);
        return { refused: taken.error.issues[0]?.message ?? 'This is not how to ask.' };
      }
      try {
        return { value: gives.parse(await handle(...taken.data)) };
      } catch (error) {
        if (error instanceof Refused) return { refused: error.message };
        log.error(`${name} failed.`, error);
        return { refused: 'The desktop program couldn’t do this. The log says why: Help, Show Log.' };
      }
    });
  }
}
