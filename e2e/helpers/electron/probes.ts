/**
 * Attempts that must fail in the console's page. They also run in a page without protections, where they must succeed.
 */
/* oxlint-disable no-eval, no-implied-eval, typescript/no-implied-eval, typescript/no-unsafe-call -- these probes try to run code from strings */
import type { Page } from 'playwright-core';

/** The globals of Node that exist in this page. */
export const nodeIn = (where: Page) =>
  where.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', '__dirname', 'global'].filter((name) => name in globalThis),
  );

/** The ways to run foreign code that worked. */
export const ranIn = (where: Page, url: string) =>
  where.evaluate(async (remote) => {
    const ran = new Set<string>();
    Object.assign(window, { ran: (way: string) => ran.add(way) });
    // The test's own evaluation is exempt from the policy; later callbacks are not.
    await new Promise((resolve) => setTimeout(resolve));
    const attempt = (act: () => unknown) => {
      try {
        act();
      } catch {}
    };
    attempt(() => (0, eval)('ran("eval")'));
    attempt(() => new Function('ran("function")')());
    attempt(() => setTimeout('ran("timeout")' as unknown as () => void));
    attempt(() => {
      const inline = document.createElement('script');
      inline.textContent = 'ran("inline")';
      document.body.append(inline);
    });
    attempt(() => {
      const button = document.createElement('button');
      button.setAttribute('onclick', 'ran("attribute")');
      document.body.append(button);
      button.click();
      button.remove();
    });
    attempt(() => {
      const box = document.createElement('div');
      box.innerHTML = '<b></b>';
      if (box.firstElementChild) ran.add('markup');
    });
    for (const type of ['text/javascript', 'module']) {
      await new Promise((resolve) => {
        const script = document.createElement('script');
        for (const end of ['load', 'error']) script.addEventListener(end, resolve);
        try {
          Object.assign(script, { type, src: `${remote}/${type}.js` });
          document.body.append(script);
        } catch {
          resolve('refused');
        }
      });
    }
    return [...ran].toSorted();
  }, url);

/** Tries every way to reach a server. Returns whether it got a response. */
export const reach = (where: Page, url: string) =>
  where.evaluate(async (address) => {
    const answered = await fetch(`${address}/fetch`).then(
      () => true,
      () => false,
    );
    // A policy stops the request before it is sent; a refusing server does not.
    const socket = new WebSocket(`${address.replace('http', 'ws')}/socket`);
    await new Promise((resolve) => {
      for (const end of ['error', 'close']) socket.addEventListener(end, resolve);
    });
    navigator.sendBeacon(`${address}/beacon`);
    await new Promise((resolve) => {
      const image = new Image();
      for (const end of ['load', 'error']) image.addEventListener(end, resolve);
      image.src = `${address}/image`;
    });
    return answered;
  }, url);

export const permissionsOf = (where: Page) =>
  where.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'];
    const queried = names.map(async (name) => {
      const { state } = await navigator.permissions.query({ name: name as PermissionName });
      return [name, state];
    });
    return Object.fromEntries(await Promise.all(queried)) as Record<string, string>;
  });

export const askPermissions = (where: Page) =>
  where.evaluate(async () => ({
    notifications: await Notification.requestPermission(),
    midi: await navigator.requestMIDIAccess().then(
      () => 'granted',
      () => 'denied',
    ),
    geolocation: await new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        // 1 means denied; anything else means allowed, but failed.
        ({ code }) => resolve(code === 1 ? 'denied' : 'granted'),
        { timeout: 1 },
      );
    }),
  }));
