import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { routes } from '@slate/shared/contract';
import { Router } from 'express';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createApp } from '../../server/src/http/app.ts';
import type { Call, Handlers } from '../../server/src/http/call.ts';
import { createMetrics } from '../../server/src/http/metrics.ts';
import { createOperations } from '../../server/src/http/operations.ts';
import { createRouter } from '../../server/src/http/router.ts';
import { Refusal } from '../../server/src/domain/refusal.ts';
import type { RouteName } from '@slate/shared/contract';
import { launch } from '../helpers/browser/browser.ts';
import { axeFindingsInTheme } from '../helpers/console/axe.ts';
import { watch } from '../helpers/browser/watch.ts';
import type { Watched } from '../helpers/browser/watch.ts';

const siteId = randomUUID();
const identity = { userId: randomUUID(), sessionId: randomUUID(), name: 'M. Kraus' };
const calls: { name: string; key: string | undefined }[] = [];

/** The real application with handlers that only record calls. */
function serve(): Server {
  const handlers = new Proxy({} as Handlers, {
    get: (_target, name: RouteName) => (call: Call<RouteName>) => {
      calls.push({ name, key: 'command' in routes[name] ? call.command.key : undefined });
      if (name === 'me') return Promise.resolve({ reply: { id: identity.userId, name: identity.name } });
      return Promise.reject(new Refusal('slot_taken', 'Taken, for this test.'));
    },
  });
  const noWait = () => Promise.resolve(0);
  const metrics = createMetrics({ version: 'test' });
  const app = createApp({
    log: pino({ level: 'silent' }),
    api: createRouter({
      handlers,
      authority: {
        accessOf: () =>
          Promise.resolve({
            user: { id: identity.userId, name: identity.name },
            roles: new Map([[siteId, { role: 'coordinator' as const, surgeonIds: [] }]]),
          }),
        forget: () => {},
        forgetAll: () => {},
      },
      verifyToken: (token) =>
        token === 'good'
          ? Promise.resolve(identity)
          : Promise.reject(new Refusal('unauthenticated', 'Not good.')),
      auditRefusal: () => Promise.resolve(),
      limits: { global: noWait, read: noWait, booking: noWait, register: noWait },
      inTurn: (_, work) => work(),
    }),
    operations: createOperations({
      metrics,
      ready: () => Promise.resolve({ ready: true, reasons: [] }),
      version: 'test',
    }),
    updates: Router(),
    pages: Router(),
    allowedOrigins: [],
    trustedProxies: 0,
    onUntrustedProxy: () => {},
    measure: metrics.measure,
  });
  return app.listen(0, '127.0.0.1');
}

describe.skipIf(inject('chromium') === null)('the API documentation, in a browser', () => {
  let browser: Browser;
  let page: Page;
  let server: Server;
  let origin: string;
  let watched: Watched;

  beforeAll(async () => {
    server = serve();
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  beforeEach(async () => {
    calls.length = 0;
    page = await browser.newPage();
    watched = watch(page, origin);
    await page.goto(`${origin}/api-docs`);
    await page.locator('.opblock').first().waitFor();
  });
  afterEach(async () => {
    await page.close();
  });

  const operation = (name: RouteName) => page.locator(`.opblock[id$="-${name}"]`);

  async function signIn(token: string) {
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.modal-ux');
    await dialog.getByRole('textbox').fill(token);
    await dialog.locator('button.authorize').click();
    await dialog.locator('button.btn-done').click();
  }

  async function execute(name: RouteName) {
    await operation(name).locator('button.execute').click();
  }

  test('shows every route under its area', async () => {
    expect(await page.locator('.opblock').count()).toBe(Object.keys(routes).length);
    expect(await page.locator('.opblock-tag').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('Identity'), expect.stringContaining('Cases')]),
    );
    expect(await page.title()).toBe('Slate API');
  });

  test('reports no error and contacts no other server', async () => {
    for (const name of ['login', 'board', 'placeHold'] as const) {
      await operation(name).locator('.opblock-summary-control').click();
      await operation(name).locator('.responses-wrapper').waitFor();
    }
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.locator('.modal-ux').getByRole('textbox').waitFor();
    expect(watched.complaints).toEqual([]);
  });

  test('FE8 links to the page about the live feed, which reports no error and is readable', async () => {
    const link = await page.getByRole('link', { name: 'the live feed' }).getAttribute('href');
    await page.goto(`${origin}${link}`);
    await page.getByRole('heading', { name: 'Update the board' }).waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('736px');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFindingsInTheme(page)).toEqual([]);
    }
    await page.getByRole('link', { name: 'Shapes' }).click();
    await page.getByRole('link', { name: '#/components/schemas/Case' }).first().click();
    await expect.poll(() => page.url()).toContain('#shape-Case');
    expect(watched.complaints).toEqual([]);
  });

  test('has its layout without inline styles', async () => {
    const button = page.getByRole('button', { name: 'Authorize' }).first();
    expect(await button.evaluate((each) => getComputedStyle(each).borderTopWidth)).toBe('2px');
  });

  test('signs in with a bearer token and tries a read', async () => {
    await signIn('good');
    await operation('me').locator('.opblock-summary-control').click();
    await operation('me').getByRole('button', { name: 'Try it out' }).click();
    await execute('me');
    const answer = operation('me').locator('.live-responses-table');
    await answer.getByText('M. Kraus').first().waitFor();
    expect(calls).toEqual([{ name: 'me', key: undefined }]);
  });

  test('tries a command with a new key each time, unless a key is given', async () => {
    await signIn('good');
    watched.expectRefusals(409);
    const release = operation('releaseHold');
    await release.locator('.opblock-summary-control').click();
    await release.getByRole('button', { name: 'Try it out' }).click();
    await release.locator('tr[data-param-name="site"] input').fill(siteId);
    await release.locator('tr[data-param-name="case"] input').fill(randomUUID());
    await execute('releaseHold');
    await release.locator('.live-responses-table').getByText('Taken, for this test.').first().waitFor();
    await execute('releaseHold');
    await expect.poll(() => calls.length).toBe(2);
    const ownKey = randomUUID();
    await release.locator('tr[data-param-name="Idempotency-Key"] input').fill(ownKey);
    await execute('releaseHold');
    await expect.poll(() => calls.length).toBe(3);

    const keys = calls.map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe(ownKey);
    expect(watched.complaints).toEqual([]);
  });
});
