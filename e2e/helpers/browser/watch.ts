import type { Page } from 'playwright-core';

/** Messages that a browser writes about a response even if the page handles it. */
const status = /^Failed to load resource: the server responded with a status of (\d{3})/;
const unreachable = /net::ERR_(CONNECTION_|EMPTY_RESPONSE|ABORTED|SOCKET)|WebSocket connection to .* failed/;

/**
 * Collects the errors of a page (a violation of its policy is a console error) and the addresses it contacts, including
 * sockets. A test announces the errors it causes on purpose.
 */
export function watch(page: Page, origin: string) {
  const complaints: string[] = [];
  const refused = new Set<number>();
  let mayBeUnreachable = false;
  const origins = new Set([origin, origin.replace(/^http/, 'ws')]);

  const report = (text: string) => {
    const refusal = Number(status.exec(text)?.[1] ?? 0);
    if (refusal > 0 && refused.has(refusal)) return;
    if (mayBeUnreachable && unreachable.test(text)) return;
    complaints.push(text);
  };
  const checkOrigin = (url: string) => {
    const { origin: foreign, protocol, host } = new URL(url);
    if (['data:', 'blob:'].includes(protocol)) return;
    const contacted = protocol.startsWith('ws') ? `${protocol}//${host}` : foreign;
    if (!origins.has(contacted)) complaints.push(`${url} must not be contacted`);
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) report(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // The page cancelled the request itself.
    if (why !== 'net::ERR_ABORTED') report(`${request.url()}: ${why}`);
  });
  page.on('request', (request) => checkOrigin(request.url()));
  page.on('websocket', (socket) => checkOrigin(socket.url()));
  return {
    complaints,
    /** Expected status codes of refusals. */
    expectRefusals: (...statuses: number[]) => {
      for (const each of statuses) refused.add(each);
    },
    expectLossOfServer: () => {
      mayBeUnreachable = true;
    },
  };
}
export type Watched = ReturnType<typeof watch>;
