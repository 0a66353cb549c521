import { id } from '@slate/shared/fields';
import { app } from 'electron';
import type { Log } from './log.ts';
import type { ConsoleWindow } from './window.ts';

/** `slate://case/<id>` and `slate://administration/<page>`, nothing else. */
const caseLink = /^slate:\/\/case\/([\dA-Fa-f-]{36})\/?$/;
const pageLink = /^slate:\/\/administration\/([a-z]{1,40})\/?$/;
const isLink = (argument: string) => /^slate:/i.test(argument);

/** Opens the cases and pages of links from the command line, a second start or macOS. Call before Electron is ready. */
export function openDeepLinks(window: ConsoleWindow, log: Log): void {
  const open = (link: string) => {
    const caseId = id.safeParse(caseLink.exec(link)?.[1]).data;
    const page = pageLink.exec(link)?.[1];
    if (caseId !== undefined) window.send('openCase', { caseId });
    else if (page !== undefined) window.send('openPage', { page });
    else log.warn('Ignored an invalid link.');
  };
  // A development build must not take over the links of an installed one. On Linux the packages register them, and asking
  // the desktop would delay every start.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient('slate');
  process.argv.filter(isLink).forEach(open);
  app.on('second-instance', (_event, argv) => {
    window.show();
    argv.filter(isLink).forEach(open);
  });
  app.on('open-url', (event, link) => {
    event.preventDefault();
    if (app.isReady()) window.show();
    open(link);
  });
}
