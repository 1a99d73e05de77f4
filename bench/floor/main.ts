import { inOrder } from '../in-order.ts';
import { NetworkClient } from '../null/network-client.ts';
import { chatOf, fromEnvironment, isGhost, sayReady } from '../wiring.ts';
import { asker } from './ask.ts';
import { type Event, eventsIn } from './event.ts';
import { noJournal, sqliteJournal } from './journal.ts';
import { listen } from './listen.ts';
import { Sayer } from './say.ts';

/**
 * What is left of a bridge when there is no bridge: the same calls on both sides, and with `--durable`
 * a journal that loses nothing. Nothing can be both durable and faster than about that.
 */
const wiring = fromEnvironment();
const journal = process.argv.includes('--durable') ? sqliteJournal(wiring.dataDir) : noJournal();
const sayer = new Sayer(asker(wiring.homeserverUrl));
const roomInOrder = inOrder();
const chatInOrder = inOrder();
const met = new Set<string>();

const network = new NetworkClient(wiring.networkPort, {
  said(messages) {
    journal.hear(messages);
    for (const message of messages)
      roomInOrder(message.chat, async () => journal.bridged(message, await sayer.say(message)));
  },
  got(answers) {
    for (const { id, as } of answers) journal.arrived(id, as);
  },
});

function forward(events: readonly Event[]): void {
  for (const event of events) {
    if (event.type !== 'm.room.message' || isGhost(event.sender)) continue;
    const send = () =>
      network.send({
        id: event.event_id,
        chat: chatOf(event.room_id),
        from: event.sender,
        text: event.content.body,
      });
    const key = `${event.room_id} ${event.sender}`;
    if (met.has(key)) send();
    else
      chatInOrder(event.room_id, async () => {
        await sayer.meet(event.room_id, event.sender);
        met.add(key);
        send();
      });
  }
}

process.on('SIGTERM', () => process.exit(0));
await network.connected();
for (const { body } of journal.unfinished()) forward(eventsIn(body));
await listen(wiring.listenPort, (id, body) => {
  const events = eventsIn(body);
  const ids = events.map((event) => event.event_id);
  if (journal.take(id, body, ids)) forward(events);
});
sayReady();
