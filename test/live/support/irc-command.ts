import { expect } from 'vitest';
import type { CommandCall, Found, OwnVoice } from '../../../src/adapter/index.ts';
import type { open } from './irc-bench.ts';

/** Says commands as the core hands them over, with the voice of Ann. */
export function commanding(
  { network, voice, signal }: Awaited<ReturnType<typeof open>>,
  { chat, isRelayed = false }: { chat?: string; isRelayed?: boolean } = {},
) {
  const invited: string[] = [];
  let session: Awaited<ReturnType<OwnVoice['open']>> | undefined;
  async function letGo() {
    await session?.close();
    session = undefined;
  }
  const ann = voice('ann', 'enlisted');
  const own = (): OwnVoice => ({
    ...ann,
    isOpen: session !== undefined,
    letGo,
    async open() {
      session ??= await network.session(ann, signal);
      return session;
    },
  });
  const invite = async (name: string): Promise<Found | undefined> => {
    invited.push(name);
    return network.resolve?.(name, signal);
  };
  return {
    invited,
    letGo,
    open: () => own().open(),
    async say(words: string): Promise<string> {
      const [, name = '', rest = ''] = /^(\S+) ?(.*)$/s.exec(words) ?? [];
      const command = network.commands?.find((one) => one.name === name);
      expect(command).toBeDefined();
      const call: CommandCall = {
        words: rest,
        speaker: { userId: '@ann:example.org', displayName: 'ann' },
        ...(chat !== undefined && { chat: chat as NonNullable<CommandCall['chat']> }),
        ...(!isRelayed && { voice: own() }),
        invite,
      };
      return (await command?.run(call, AbortSignal.timeout(20_000))) ?? '';
    },
  };
}
