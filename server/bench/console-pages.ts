/** Builds the pages of the board and the calendars for production, and serves them. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

const desktop = join(import.meta.dirname, '..', '..', 'desktop');
const vite = join(desktop, '..', 'node_modules', 'vite', 'bin', 'vite.js');
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

export async function servePages(): Promise<{ url: string; end(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'slate-bench-console-'));
  const end = () => rmSync(folder, { recursive: true, force: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vite, 'build', '--config', 'bench/vite.config.ts', '--outDir', folder, '--emptyOutDir'],
    { cwd: desktop, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (status !== 0) {
    end();
    throw new Error(`Can’t build the pages:\n${stdout}${stderr}`);
  }
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    try {
      const body = readFileSync(join(folder, path));
      response
        .writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    end() {
      server.closeAllConnections();
      server.close();
      end();
    },
  };
}
