import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../../../src/util/listen.ts';

it('tells the port that it is, and where two want one, which key is to be changed', async () => {
  const [one, two] = [createServer(), createServer()];
  onTestFinished(() => void one.close());
  const { port } = await listen(one, { host: '127.0.0.1', port: 0 }, 'bridge.listen');
  await expect(listen(two, { host: '127.0.0.1', port }, 'metrics')).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: expect.stringMatching(
      new RegExp(`^metrics: .*127.0.0.1, port ${port} \\(EADDRINUSE\\)`),
    ),
  });
});
