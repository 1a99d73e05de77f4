import { once } from 'node:events';
import { type IncomingMessage, request as send } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

/** There is no file, nobody behind it, or the bridge ended in the middle of it. */
const NOBODY: readonly (string | undefined)[] = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

/** Asks the bridge that runs. `undefined`: none does. @throws {Error} with the bridge's own word on why not. */
export async function askBridge(path: string, what: string, asked: unknown = {}): Promise<unknown> {
  try {
    const request = send({ socketPath: path, method: 'POST', path: `/${what}` });
    request.end(JSON.stringify(asked));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const answer = JSON.parse(await textOf(response));
    if (response.statusCode === 200) return answer;
    throw new Error(answer.error);
  } catch (error) {
    if (NOBODY.includes((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}
