import {
  type Host,
  type Media,
  type MessageBody,
  mediaRef,
  type NetworkAdapter,
  type RemoteEvent,
  type RemoteMessageId,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
} from '#adapter';
import { loopback } from '../../../bridges/loopback/index.ts';

/** The loopback network with files, which people show in `town`. */
export interface Giving {
  readonly adapter: NetworkAdapter;
  /** How often a file was asked for. */
  opened(): number;
  says(who: string, body: MessageBody, more?: object): Promise<RemoteMessageId>;
  edits(who: string, target: RemoteMessageId, body: MessageBody): Promise<void>;
  takesBack(who: string, target: RemoteMessageId): Promise<void>;
}

export const picture = (name: string, sizeBytes?: number): Media => ({
  ...{ ref: mediaRef(name), as: 'image', mimeType: 'image/png', name: `${name}.png` },
  ...(sizeBytes !== undefined && { sizeBytes }),
});

/** @param bytes what is in a file, anew for each reading */
export function networkGiving(
  bytes: () => Promise<Uint8Array> | AsyncIterable<Uint8Array>,
): Giving {
  let host: Host<unknown> | undefined;
  let opened = 0;
  let ids = 0;
  const adapter = {
    ...loopback,
    async open(given) {
      host = given;
      const openMedia = async () => {
        opened++;
        const made = bytes();
        return made instanceof Promise ? once(await made) : made;
      };
      return { ...(await loopback.open(given as never)), openMedia };
    },
  } as NetworkAdapter;
  const heard = async (event: object) => {
    const common = { chat: remoteChatId('town'), sentAtMs: Date.now(), key: `given-${ids++}` };
    await host?.emit({ ...common, ...event } as RemoteEvent);
  };
  return {
    adapter,
    opened: () => opened,
    async says(who, body, more = {}) {
      const id = remoteMessageId(`given-${ids}`);
      await heard({ kind: 'message', sender: remoteUserId(who), id, body, ...more });
      return id;
    },
    edits: (who, target, body) => heard({ kind: 'edit', sender: remoteUserId(who), target, body }),
    takesBack: (who, target) => heard({ kind: 'removal', sender: remoteUserId(who), target }),
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
