import { inOrder } from '../in-order.ts';
import { NetworkClient } from '../null/network-client.ts';
import { chatOf, fromEnvironment, ghostOf, roomOf, SERVER, sayReady } from '../wiring.ts';
import { library } from './library.ts';
import { registrationOf } from './registration.ts';

/** A relay on the library's `Appservice`, as its documentation shows one, with its defaults. */
const wiring = fromEnvironment();
const { Appservice }: typeof import('matrix-bot-sdk') = library('matrix-bot-sdk');

const appservice = new Appservice({
  port: wiring.listenPort,
  bindAddress: '127.0.0.1',
  homeserverName: SERVER,
  homeserverUrl: wiring.homeserverUrl,
  registration: registrationOf(wiring),
});
const chatInOrder = inOrder();
const network = new NetworkClient(wiring.networkPort, {
  said(messages) {
    for (const { chat, user, text } of messages)
      chatInOrder(chat, async () => {
        await appservice.getIntentForUserId(ghostOf(user)).sendText(roomOf(chat), text);
      });
  },
  got() {},
});
appservice.on('room.message', (roomId, { event_id: id, sender, content }) => {
  if (appservice.isNamespacedUser(sender)) return;
  network.send({ id, chat: chatOf(roomId), from: sender, text: content.body });
});

process.on('SIGTERM', () => process.exit(0));
await network.connected();
await appservice.begin();
sayReady();
