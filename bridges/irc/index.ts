import { readFile } from 'node:fs/promises';
import { BridgeError, type NetworkAdapter } from '#adapter';
import { checkBindable } from './bindable.ts';
import { ChannelKeys } from './channel-keys.ts';
import { IrcConfig } from './config.ts';
import { shareIdent } from './ident/shared.ts';
import { importCommand } from './import/command.ts';
import { IrcNetwork } from './network.ts';
import { SecureHosts } from './secure-hosts.ts';
import { Servers } from './servers.ts';
import { Slices } from './slices.ts';
import { Turns } from './turns.ts';
import { type Clock, systemClock } from './wire/clock.ts';

/** IRC: channels and private messages, each Matrix user with a nick of their own or through the bot. */
export const irc = ircOn(systemClock);

export function ircOn(clock: Clock): NetworkAdapter<IrcConfig> {
  return {
    id: 'irc',
    displayName: 'IRC',
    // More exactly each server says which names it takes.
    searched: {
      chat: { name: 'channel', placeholder: '#channel', pattern: '[#&+!][^ ,\\x07]+' },
      user: { name: 'nick', placeholder: 'nick', pattern: '[^ !@*?,:]+' },
    },
    config: IrcConfig,
    voices: ['enlisted', 'relay'],
    operatorCommands: [importCommand],
    async open(host) {
      const { config } = host;
      const pem = {
        ...(config.caFile !== undefined && { ca: await readPem('caFile', config.caFile) }),
        ...(config.certFile !== undefined && { cert: await readPem('certFile', config.certFile) }),
        ...(config.keyFile !== undefined && { key: await readPem('keyFile', config.keyFile) }),
      };
      if (config.bindPrefix !== undefined) await checkBindable(config.bindPrefix);
      const pace = { burst: config.connectBurst, intervalMs: config.connectIntervalMs };
      const site = {
        servers: new Servers(config),
        keys: new ChannelKeys(config.channelKeys),
        turns: new Turns(pace, clock),
        slices: new Slices(),
        secure: new SecureHosts(host.state, clock),
      };
      await site.secure.load();
      const { identPort: port, identHost } = config;
      const ident = port === undefined ? undefined : await shareIdent({ host: identHost, port });
      try {
        return await IrcNetwork.open(host, {
          config,
          clock,
          pem,
          ...site,
          ...(ident && { ident }),
        });
      } catch (error) {
        await ident?.release();
        throw error;
      }
    },
  };
}

async function readPem(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const text = `${option}: ${path} cannot be read; give the path of a PEM file`;
    throw new BridgeError('not_allowed', text, { effect: 'none', cause });
  }
}
