import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { Context } from './context.ts';
import { speak } from './speak.ts';

/** Says once where what is said is passed on to: in a room that was linked just now, or to somebody who has just got a voice. */
export async function tellPrivacy(
  context: Context,
  { id, network, chat, roomId }: Portal,
  person?: MatrixUserId,
): Promise<void> {
  const { privacyNotice: notice, networks, keys, log } = context;
  const options = networks.find((one) => one.id === network);
  const isMeant = notice?.to === 'both' || notice?.to === (person ? 'people' : 'rooms');
  if (!notice || !options || !isMeant) return;
  const values: Record<string, string> = {
    ...{ chat, network: options.displayName, command: options.command },
  };
  const text = notice.text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
  try {
    await speak(context, {
      roomId,
      marker: keys.marker('privacy', network, person ?? id),
      content: { kind: 'notice', text: person ? `${person}: ${text}` : text },
    });
  } catch (error) {
    log('warn', 'Nobody could be told where their words are passed on to', {
      ...{ roomId, network, error: String(error) },
    });
  }
}
