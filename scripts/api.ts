/** A small client of the HTTP API, for scripts and tests. */
import { randomUUID } from 'node:crypto';

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };
export type RequestOptions = {
  key?: string;
  token?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

export const createApi = (url: string, token?: string) => {
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<Answer> => {
    const bearer = options.token ?? token;
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(body !== undefined && {
          'Content-Type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json',
        }),
        ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
        ...(method !== 'GET' && { 'Idempotency-Key': options.key ?? randomUUID() }),
        ...options.headers,
      },
      ...(body !== undefined && {
        body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
      }),
      ...(options.signal && { signal: options.signal }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body:
        text === ''
          ? {}
          : response.headers.get('content-type')?.includes('json')
            ? (JSON.parse(text) as Record<string, unknown>)
            : { text },
    };
  };
  return {
    url,
    get: (path: string, options?: RequestOptions) => send('GET', path, undefined, options),
    post: (path: string, body: unknown, options?: RequestOptions) => send('POST', path, body, options),
    patch: (path: string, body: unknown, options?: RequestOptions) => send('PATCH', path, body, options),
    delete: (path: string, options?: RequestOptions) => send('DELETE', path, undefined, options),
  };
};
export type Api = ReturnType<typeof createApi>;

export async function signIn(url: string, email: string, password: string): Promise<Api> {
  const { status, body } = await createApi(url).post('/auth/login', { email, password });
  if (status !== 200) throw new Error(`Signing in as ${email}: ${String(body.detail)}`);
  return createApi(url, String(body.accessToken));
}
