import { describe, expect, it } from 'vitest';
import { stepsOf, wrongAbout } from './trace.ts';

const written = '7 pwrite64(19</d/drawbridge.db-wal>, "\\r\\0hello\\n", 4096, 56) = 4096';
const flushed = '12 fdatasync(19</d/drawbridge.db-wal>) = 0';
const said =
  '7 writev(23<TCP:[127.0.0.1:1->127.0.0.1:2]>, [{iov_base="HTTP/1.1 200 OK\\r\\n"}], 1) = 17';

const judge = (...lines: readonly string[]) =>
  wrongAbout(stepsOf(lines.join('\n')), 'hello', (text) => text.includes('HTTP/1.1 200'));

describe('wrongAbout', () => {
  it('finds nothing where a flush lies between the writing and the answer', () => {
    expect(judge(said, written, flushed, said)).toBeUndefined();
  });

  const [begins, ends] = [
    '12 fdatasync(19</d/drawbridge.db-wal> <unfinished ...>',
    '12 <... fdatasync resumed>) = 0',
  ];
  const cut = [
    '7 pwrite64(19</d/drawbridge.db-wal>, "hello\\n", 4096, 56 <unfinished ...>',
    '7 <... pwrite64 resumed>) = 4096',
  ];

  it('takes a flush by another thread for done when it has ended', () => {
    expect(judge(...cut, begins, ends, said)).toBeUndefined();
    expect(judge(...cut, begins, said, ends)).toContain('before it was flushed');
    expect(judge(begins, ...cut, ends, said)).toContain('before it was flushed');
  });

  it.each([
    ['never written', [said]],
    ['never written', [said, written.replace('-wal', '-shm'), flushed, said]],
    ['never acknowledged', [said, written, flushed]],
    ['before it was flushed', [flushed, written, said]],
    ['before it was flushed', [written, said, flushed]],
    ['before it was flushed', [written, flushed.replace('= 0', '= -1 EIO'), said]],
    ['before it was flushed', [written, flushed.replace('-wal', ''), said]],
  ])('finds that it was %s', (what, lines) => {
    expect(judge(...lines)).toContain(what);
  });
});
