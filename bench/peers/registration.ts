import { AS_TOKEN, HS_TOKEN, PREFIX, SERVER, type Wiring } from '../wiring.ts';

/** What the peers are registered with. */
export const registrationOf = ({ listenPort }: Wiring) => ({
  id: 'bench',
  url: `http://127.0.0.1:${listenPort}`,
  as_token: AS_TOKEN,
  hs_token: HS_TOKEN,
  sender_localpart: `${PREFIX}bot`,
  rate_limited: false,
  namespaces: {
    users: [{ exclusive: true, regex: `@${PREFIX}null_.*:${SERVER.replaceAll('.', '\\.')}` }],
    aliases: [],
    rooms: [],
  },
});
