import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/cli/log.ts';

function logging(options: Parameters<typeof createLog>[0], secrets: readonly string[] = []) {
  const lines: string[] = [];
  return { lines, log: createLog(options, { write: (line) => void lines.push(line), secrets }) };
}

describe('createLog', () => {
  it('writes a line for people with its fields', () => {
    const { log, lines } = logging({ level: 'info', format: 'pretty' });

    log('warn', 'The network is slow', { network: 'chat', waitMs: 12, why: 'a b' });

    expect(lines).toEqual([
      expect.stringMatching(/^\S+Z warn {2}The network is slow network=chat waitMs=12 why="a b"$/),
    ]);
  });

  it('writes a line of JSON for machines', () => {
    const { log, lines } = logging({ level: 'info', format: 'json' });

    log('error', 'Gone', { network: 'chat', level: 3 });

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      msg: 'Gone',
      network: 'chat',
      level_: 3,
    });
  });

  it('leaves out what is less important than asked for', () => {
    const { log, lines } = logging({ level: 'warn', format: 'pretty' });

    log('info', 'Nobody cares');

    expect(lines).toEqual([]);
  });

  it('shows an error with its cause, and its stack only when details are asked for', () => {
    const error = new Error('No answer', { cause: new Error('Cable cut') });
    const at = (level: 'info' | 'debug') => {
      const { log, lines } = logging({ level, format: 'json' });
      log('error', 'Failed', { error });
      return lines[0];
    };

    expect(at('info')).toContain('Cable cut');
    expect(at('info')).not.toContain('stack');
    expect(at('debug')).toContain('stack');
  });

  it.each(['pretty', 'json'] as const)('lets no secret into a %s line', (format) => {
    const { log, lines } = logging({ level: 'debug', format }, ['s3cr3t', '']);

    log('info', 'Asked with s3cr3t', {
      as_token: 'one',
      sasl: { password: 'two' },
      error: new Error('Bearer s3cr3t refused'),
    });

    expect(lines[0]).not.toMatch(/s3cr3t|\bone\b|\btwo\b/);
    expect(lines[0]).toContain('[secret]');
  });
});
