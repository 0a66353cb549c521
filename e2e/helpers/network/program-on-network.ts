/** The real desktop program at a workstation with a network stack of its own. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { commandOf } from '../electron/desktop.ts';
import { serverName } from './real-network.ts';
import type { RealNetwork } from './real-network.ts';

/** The network ends it. Playwright reaches its page through a port of the workstation. */
export async function openOnNetwork(
  network: RealNetwork,
  { folder, policy }: { folder: string; policy: string },
): Promise<Page> {
  const { program, args, env } = commandOf({ server: `https://${serverName}`, folder, policy });
  // The certificate is self-signed, and only a program that is not packaged accepts these switches.
  const switches = ['--remote-debugging-port=0', '--ignore-certificate-errors'];
  const child = network.workstation.start(program, [...switches, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  const found = new Promise<URL>((resolve) => {
    if (!child.stderr) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(new URL(address));
    });
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The program ended.\n${lines.join('\n')}`);
  });
  ended.catch(() => {});
  const address = await Promise.race([found, ended]);
  address.port = String(await network.forward(Number(address.port)));
  const browser = await chromium.connectOverCDP(address.href);
  const [context] = browser.contexts();
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (!page) throw new Error('The program has no window.');
  await page.waitForLoadState('load');
  return page;
}
