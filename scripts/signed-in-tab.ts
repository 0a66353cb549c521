import type { Page } from 'playwright-core';
import { createApi } from './api.ts';

type Options = { url: string; account: { email: string; password: string }; hash: string };

/**
 * Signs in through the API and puts the session where the console stores it. Only once: after a reload the tab keeps
 * what the console has stored since.
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
      // By the page's clock, which may be shifted.
      const usedAt = place === 'localStorage' ? null : Date.now();
      globalThis[place].setItem('slate.session', JSON.stringify({ ...session, usedAt }));
    },
    {
      place: isWall ? ('localStorage' as const) : ('sessionStorage' as const),
      session: { refreshToken: String(body.refreshToken), email },
    },
  );
}
