import type { Page } from 'playwright-core';
import { createApi } from './api.ts';

type Options = { url: string; account: { email: string; password: string }; hash: string };

/**
 * The tab begins with a session that the API has given, where the console would have kept it. Once: after a reload it
 * goes on with what the console has made of it.
 */
export async function beginSignedIn(page: Page, { url, account, hash }: Options): Promise<void> {
  const { email, password } = account;
  const { status, body } = await createApi(url).post('/auth/login', { email, password });
  if (status !== 200) throw new Error(`${email} cannot sign in: ${String(body.detail)}`);
  const isWall = hash === '#/wall';
  await page.addInitScript(
    ({ place, session }) => {
      if (sessionStorage.getItem('seeded')) return;
      sessionStorage.setItem('seeded', 'yes');
      // By the clock of the page, which may be another one.
      const usedAt = place === 'localStorage' ? null : Date.now();
      globalThis[place].setItem('slate.session', JSON.stringify({ ...session, usedAt }));
    },
    {
      place: isWall ? ('localStorage' as const) : ('sessionStorage' as const),
      session: { refreshToken: String(body.refreshToken), email },
    },
  );
}
