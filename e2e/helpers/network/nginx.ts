import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../scripts/postgres.ts';

export type Nginx = { readonly url: string; stop(): Promise<void> };

type Options = {
  /** The addresses of the servers behind it, without the scheme. */
  servers: [string, ...string[]];
  /** Whether it lets WebSockets through, as the example does. */
  hasUpgrade: boolean;
};

const example = join(import.meta.dirname, '../../../docs/nginx.conf');

/** Starts nginx with the example in `docs`, on a free port and without TLS. */
export async function startNginx(program: string, { servers, hasUpgrade }: Options): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'slate-nginx-'));
  // Its workers run as another user.
  await chmod(folder, 0o777);
  const port = await freePort();
  const site = edit(await readFile(example, 'utf8'), [
    ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
    [/ssl_certificate \S*.*;/, ''],
    [/ssl_certificate_key .*;/, ''],
    ['server 127.0.0.1:3000;', servers.map((server) => `server ${server};`).join('\n')],
    ['server 127.0.0.1:3001;', ''],
    // Sooner than the console gives up.
    ['proxy_read_timeout 60s;', 'proxy_read_timeout 20s;'],
    ...(hasUpgrade
      ? []
      : ([
          ['proxy_set_header Upgrade $http_upgrade;', ''],
          ['proxy_set_header Connection $slate_connection;', `proxy_set_header Connection '';`],
        ] as const)),
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = temporary.map((name) => `${name}_temp_path ${join(folder, name)};`).join('\n');
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `daemon off;
     pid ${join(folder, 'pid')};
     error_log stderr crit;
     events {}
     http {
       access_log off;
       ${paths}
       ${site}
     }`,
  );
  const nginx = spawn(program, ['-c', file, '-p', folder, '-e', 'stderr'], { stdio: 'inherit' });
  const ended = once(nginx, 'exit');
  const url = `http://127.0.0.1:${port}`;
  while (nginx.exitCode === null && !(await answers(url))) await pause(20);
  if (nginx.exitCode !== null) throw new Error('nginx did not start.');
  return {
    url,
    stop: async () => {
      nginx.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Replaces each text, which must be there exactly once. */
function edit(text: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((before, [from, to]) => {
    const parts = before.split(from);
    if (parts.length !== 2) throw new Error(`docs/nginx.conf has ${parts.length - 1} times: ${String(from)}`);
    return parts.join(to);
  }, text);
}

const answers = (url: string) =>
  new Promise<boolean>((resolve) => {
    request(url, (reply) => {
      reply.resume();
      resolve(true);
    })
      .on('error', () => resolve(false))
      .end();
  });
