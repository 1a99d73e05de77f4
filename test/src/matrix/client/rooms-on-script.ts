import type { Asked, Reply, Script } from './scripted-homeserver.ts';

/** A reply, or several: one for each time it is asked, and the last for ever. */
type Answer = readonly [status: number, body: unknown] | 'cut';

/**
 * Answers by method and decoded end of the path. What is not listed is a 404, as for a state event
 * that is not there.
 */
export function byPath(answers: Readonly<Record<string, Answer | readonly Answer[]>>): Script {
  const times = new Map<string, number>();
  return (asked, reply) => {
    const key = Object.keys(answers).find((each) => matches(each, asked));
    const listed = key === undefined ? undefined : answers[key];
    if (key === undefined || listed === undefined) {
      reply.json(404, { errcode: 'M_NOT_FOUND' });
      return;
    }
    const all = isMany(listed) ? listed : [listed];
    const time = times.get(key) ?? 0;
    times.set(key, time + 1);
    give(reply, all[Math.min(time, all.length - 1)] ?? 'cut');
  };
}

const isMany = (answer: Answer | readonly Answer[]): answer is readonly Answer[] =>
  Array.isArray(answer) && typeof answer[0] !== 'number';

function matches(key: string, { method, path }: Asked): boolean {
  const [wantedMethod, end = ''] = key.split(' ');
  return method === wantedMethod && decodeURIComponent(path).endsWith(end);
}

function give(reply: Reply, answer: Answer): void {
  if (answer === 'cut') reply.cut();
  else reply.json(answer[0], answer[1]);
}

/** What was written, in order: method, decoded path from the room on, and content. */
export const written = (asked: readonly Asked[]): readonly unknown[] =>
  asked
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, json }) => [
      `${method} ${decodeURIComponent(path).replace(/^.*\/v\d(?:\/rooms\/[^/]*)?/, '')}`,
      json,
    ]);
