import type { Bridge } from '../../../bridge.ts';

const place = 'slate.session';

/** A browser: the server is where the page came from, and the session lasts as long as the tab. */
export function createBrowserShell(): Bridge {
  return {
    start: () => Promise.resolve({ server: location.origin, version: '', platform: 'browser' }),
    tryServer: () => Promise.reject(new Error('A browser takes its console from its server.')),
    useServer: () => Promise.reject(new Error('A browser takes its console from its server.')),
    readSession: () =>
      Promise.resolve(
        JSON.parse(sessionStorage.getItem(place) ?? 'null') as Awaited<ReturnType<Bridge['readSession']>>,
      ),
    keepSession: (session) => {
      sessionStorage.setItem(place, JSON.stringify(session));
      return Promise.resolve(true);
    },
    dropSession: () => {
      sessionStorage.removeItem(place);
      return Promise.resolve();
    },
    notify: () => Promise.resolve(),
    print: () => {
      window.print();
      return Promise.resolve();
    },
    showLog: () => Promise.resolve(),
    on: () => () => {},
  };
}
