import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MatrixRoom as Room } from 'matrix-appservice-bridge';
import { inOrder } from '../in-order.ts';
import { NetworkClient } from '../null/network-client.ts';
import { chatOf, fromEnvironment, ghostOf, roomOf, SERVER, sayReady } from '../wiring.ts';
import { library } from './library.ts';
import { registrationOf } from './registration.ts';

/**
 * A relay as the HOWTO of the library shows one: stores on, one room linked to each chat, what is
 * said there sent by the intent of whoever said it. In order, as a relay must be: the next message of
 * a chat is sent when the one before it has been answered.
 */
const wiring = fromEnvironment();
const { Bridge, MatrixRoom, RemoteRoom }: typeof import('matrix-appservice-bridge') = library(
  'matrix-appservice-bridge',
);

const inData = (name: string) => join(wiring.dataDir, name);
writeFileSync(inData('registration.yaml'), JSON.stringify(registrationOf(wiring)));
const chatInOrder = inOrder();

const bridge = new Bridge({
  homeserverUrl: wiring.homeserverUrl,
  domain: SERVER,
  registration: inData('registration.yaml'),
  roomStore: inData('room-store.db'),
  userStore: inData('user-store.db'),
  userActivityStore: inData('user-activity-store.db'),
  controller: {
    onUserQuery: () => ({}),
    onEvent(request, context) {
      const event = request.getData();
      const chat = context?.rooms.remote?.getId() ?? chatOf(event.room_id);
      if (event.type === 'm.room.message' && event.content?.body !== undefined)
        network.send({
          ...{ id: event.event_id, chat, from: event.sender, text: event.content.body },
        });
      request.resolve();
    },
  },
});
const network = new NetworkClient(wiring.networkPort, {
  said(messages) {
    for (const { chat, user, text } of messages)
      chatInOrder(chat, async () => {
        await bridge.getIntent(ghostOf(user)).sendText(roomOf(chat), text);
      });
  },
  got() {},
});

process.on('SIGTERM', () => process.exit(0));
await network.connected();
await bridge.initialise();
for (let index = 0; index < wiring.portals; index++) {
  const room: Room = new MatrixRoom(roomOf(`c${index}`));
  await bridge.getRoomStore()?.linkRooms(room, new RemoteRoom(`c${index}`));
}
await bridge.listen(wiring.listenPort, '127.0.0.1');
sayReady();
