/** Summarizes CPU profiles of the servers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Frame = { functionName: string; url: string; lineNumber: number };
type CpuProfile = {
  nodes: { id: number; callFrame: Frame; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
};

const notWork = new Set(['(idle)', '(root)']);

export function hottest(folder: string): string {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.cpuprofile'))
    .map(
      (file) => `\n${file}\n${hottestOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile)}`,
    )
    .join('\n');
}

function hottestOf({ nodes, samples, timeDeltas }: CpuProfile): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const own = new Map<string, number>();
  const withNode = new Map<string, number>();
  const parts = new Map<string, number>();
  let total = 0;
  for (const [n, id] of samples.entries()) {
    const frame = byId.get(id)?.callFrame;
    if (!frame || notWork.has(frame.functionName)) continue;
    const time = timeDeltas[n] ?? 0;
    total += time;
    add(own, nameOf(frame), time);
    // Node's own time counts for its caller.
    let caller: number | undefined = id;
    while (caller !== undefined && isNodes(byId.get(caller)?.callFrame)) caller = callers.get(caller);
    const owner = (caller === undefined ? undefined : byId.get(caller)?.callFrame) ?? frame;
    add(withNode, nameOf(owner), time);
    add(parts, partOf(placeOf(owner.url)), time);
  }
  const list = (title: string, times: Map<string, number>, most: number) =>
    [
      title,
      ...[...times]
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, most)
        .map(([what, time]) => `${((time / total) * 100).toFixed(1).padStart(6)} %  ${what}`),
    ].join('\n');
  return [
    `${(total / 1e6).toFixed(1)} s of CPU time`,
    list('by part, including Node', parts, 20),
    list('by function, including Node', withNode, 40),
    list('by function, alone', own, 30),
  ].join('\n\n');
}

function add(times: Map<string, number>, what: string, time: number) {
  times.set(what, (times.get(what) ?? 0) + time);
}

const isNodes = (frame: Frame | undefined) =>
  frame !== undefined && (frame.url === '' || frame.url.startsWith('node:'));

const nameOf = ({ functionName, url, lineNumber }: Frame) =>
  `${functionName || '(anonymous)'}  ${placeOf(url)}:${lineNumber + 1}`;

/** A short name for a file of Node, a package or the project. */
function placeOf(url: string): string {
  if (url === '' || url.startsWith('node:')) return url || '(native)';
  const inPackage = url.split('/node_modules/').at(1);
  return inPackage ?? url.replace(/^file:\/\/.*?\/(?=server\/|shared\/)/, '');
}

function partOf(place: string): string {
  const depth = place.startsWith('server/') ? 3 : place.startsWith('@') ? 2 : 1;
  return place.split('/').slice(0, depth).join('/');
}
