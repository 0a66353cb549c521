import { chapters } from './asyncapi.ts';
import type { AsyncApi } from './asyncapi.ts';

/** The page about the live feed: chapters, messages and shapes. Built once, without scripts. */
export function livePage({ info, operations, components }: AsyncApi): string {
  const titles = [...chapters.map(({ title }) => title), 'Messages', 'Shapes'];
  const intro = chapters.map(({ title, paragraphs }) => section(title, prose(paragraphs)));
  const answers = new Map(
    Object.entries(operations).flatMap(([name, { reply }]) =>
      reply ? [[reply.messages.map(({ $ref }) => $ref.split('/').at(-1)).join(), name]] : [],
    ),
  );
  const messages = Object.entries(components.messages).map(([name, { summary, payload }]) => {
    const shape = String(payload?.['$ref']).split('/').at(-1) ?? '';
    const { action } = operations[name] ?? {};
    const direction = action === 'receive' ? 'console → server' : 'server → console';
    const request = answers.get(name);
    return (
      `<h3 id="message-${name}"><code>${name}</code> <small>${direction}</small></h3>` +
      `<p>${text(summary)}${request === undefined ? '' : `. Answers <code>${request}</code>`}.</p>${code(components.schemas[shape])}`
    );
  });
  const shapes = Object.entries(components.schemas)
    .filter(([name]) => !name.endsWith('Message'))
    .map(([name, shape]) => `<h3 id="shape-${name}"><code>${name}</code></h3>${code(shape)}`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${text(info.title)}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/api-docs/live.css" />
  </head>
  <body>
    <header>
      <h1>${text(info.title)}</h1>
      <p>Version ${text(info.version)}. For programs: <a href="/asyncapi.json">/asyncapi.json</a>
      (AsyncAPI 3). Reads and commands go over HTTP: <a href="/api-docs/">the API</a>.</p>
      <nav aria-label="On this page">${titles.map((title) => `<a href="#${anchor(title)}">${text(title)}</a>`).join(' ')}</nav>
    </header>
    <main>
${[...intro, section('Messages', messages.join('\n')), section('Shapes', shapes.join('\n'))].join('\n')}
    </main>
  </body>
</html>
`;
}

const anchor = (title: string) => title.toLowerCase().replaceAll(' ', '-');
const section = (title: string, body: string) =>
  `<section aria-labelledby="${anchor(title)}"><h2 id="${anchor(title)}">${text(title)}</h2>${body}</section>`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (raw: string) => raw.replaceAll(/[&<>"]/g, (each) => escapes[each] ?? each);
/** Text between backticks becomes code. */
const text = (raw: string) => escaped(raw).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

/** Paragraphs that start with a dash become lists. */
function prose(paragraphs: readonly string[]): string {
  const parts = paragraphs.map((each) =>
    each.startsWith('- ') ? `<li>${text(each.slice(2))}</li>` : `<p>${text(each)}</p>`,
  );
  return parts.join('\n').replaceAll(/(?:<li>.*<\/li>\n?)+/g, (items) => `<ul>${items}</ul>`);
}

/** A schema whose references are links. */
const code = (schema: unknown) =>
  `<pre tabindex="0">${escaped(JSON.stringify(schema, null, 2)).replaceAll(
    /#\/components\/schemas\/(\w+)/g,
    '<a href="#shape-$1">#/components/schemas/$1</a>',
  )}</pre>`;
