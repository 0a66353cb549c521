import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Router } from 'express';
import type { Request, Response } from 'express';
import type { AsyncApi } from './asyncapi.ts';
import { sendUnlessSame, tagOf } from './entity-tag.ts';
import { livePage } from './live-page.ts';
import { refuseOtherMethods } from './other-methods.ts';

const ownFile = (file: string) => new URL(`api-docs/${file}`, import.meta.url);
const swaggerFile = (file: string) => createRequire(import.meta.url).resolve(`swagger-ui-dist/${file}`);

const files = [
  ['/', ownFile('index.html'), 'text/html'],
  ['/init.mjs', ownFile('init.mjs'), 'text/javascript'],
  ['/live.css', ownFile('live.css'), 'text/css'],
  ['/swagger-ui.css', swaggerFile('swagger-ui.css'), 'text/css'],
  ['/swagger-ui-bundle.js', swaggerFile('swagger-ui-bundle.js'), 'text/javascript'],
] as const;

/** Only files of this server. The images in its style sheet are data URLs. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The API documentation: Swagger UI, and the page about the live feed. */
export function createDocs(live: AsyncApi): Router {
  const router = Router();
  const pages = [
    ...files.map(([path, file, type]) => ({ path, body: readFileSync(file), type })),
    { path: '/live', body: livePage(live), type: 'text/html' },
  ];
  for (const { path, body, type } of pages) {
    const tag = tagOf(body);
    router.get(path, (request: Request, response: Response) => {
      response.setHeader('Content-Security-Policy', policy);
      sendUnlessSame(request, response, { body, tag, type: `${type}; charset=utf-8` });
    });
  }
  refuseOtherMethods(
    router,
    pages.map(({ path }) => ({ method: 'get', path })),
  );
  return router;
}
