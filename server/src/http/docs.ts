import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { sendUnlessSame, tagOf } from './entity-tag.ts';
import { refuseOtherMethods } from './other-methods.ts';

const ours = (file: string) => new URL(`api-docs/${file}`, import.meta.url);
const theirs = (file: string) => createRequire(import.meta.url).resolve(`swagger-ui-dist/${file}`);

const files = [
  ['/', ours('index.html'), 'text/html'],
  ['/init.mjs', ours('init.mjs'), 'text/javascript'],
  ['/swagger-ui.css', theirs('swagger-ui.css'), 'text/css'],
  ['/swagger-ui-bundle.js', theirs('swagger-ui-bundle.js'), 'text/javascript'],
] as const;

/** Nothing but what this server sends; pictures in its style sheet are data addresses. */
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

/** The interactive documentation of the API: a page, its script, and the two files of Swagger UI it needs. */
export function createDocs(): Router {
  const router = Router();
  for (const [path, file, type] of files) {
    const body = readFileSync(file);
    const tag = tagOf(body);
    router.get(path, (request: Request, response: Response) => {
      response.setHeader('Content-Security-Policy', policy);
      sendUnlessSame(request, response, { body, tag, type: `${type}; charset=utf-8` });
    });
  }
  refuseOtherMethods(
    router,
    files.map(([path]) => ({ method: 'get', path })),
  );
  return router;
}
