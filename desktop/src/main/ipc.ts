/** Handles the requests of the page. Only this file imports `ipcMain`. */
import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import { requests } from '../bridge.ts';
import { Refused } from '../refused.ts';
import type { Bridge, Reply, RequestChannel, RequestName } from '../bridge.ts';
import type { Log } from './log.ts';

type Output<Name extends RequestName> = Awaited<ReturnType<Bridge[Name]>>;
export type Handlers = {
  readonly [Name in RequestName]: (
    ...input: Parameters<Bridge[Name]>
  ) => Output<Name> | Promise<Output<Name>>;
};

export type IpcDeps = {
  /** Whether the sender is our page, not a frame in it or another page. */
  isOurs: (event: IpcMainInvokeEvent) => boolean;
  log: Log;
};

export function handleRequests(handlers: Handlers, { isOurs, log }: IpcDeps): void {
  for (const name of Object.keys(requests) as RequestName[]) {
    const channel: RequestChannel = `slate:request:${name}`;
    const { input, output } = requests[name];
    const handle = handlers[name] as (...input: readonly unknown[]) => unknown;
    ipcMain.handle(channel, async (event, ...sent: unknown[]): Promise<Reply> => {
      if (!isOurs(event)) {
        log.warn(`Refused ${name}: the sender is not the console.`);
        return { refused: 'Only the console may do this.' };
      }
      try {
        const parsed = input.safeParse(sent);
        if (!parsed.success) {
          log.warn(`Refused ${name}: malformed input.`);
          return { refused: parsed.error.issues[0]?.message ?? 'This request isn’t valid.' };
        }
        return { value: output.parse(await handle(...parsed.data)) };
      } catch (error) {
        if (error instanceof Refused) return { refused: error.message };
        log.error(`${name} failed.`, error);
        return { refused: 'The desktop program couldn’t do this. The log says why: Help, Show Log.' };
      }
    });
  }
}
