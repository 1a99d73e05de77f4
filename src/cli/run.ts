import type { Log } from '../adapter/network.ts';
import type { AdapterRegistry, BridgeConfig } from '../config/index.ts';
import type { Registration } from '../matrix/registration.ts';
import { type Command, configFlag } from './command.ts';
import type { Io } from './io.ts';
import { createLog } from './log.ts';
import { usableRegistration } from './registration-file.ts';
import { settings } from './settings.ts';

interface Bridge {
  start(): Promise<void>;
  /** Also called while `start` is still under way, or has failed. */
  stop(): Promise<void>;
  readonly port: number;
  /** Reads the config again. */
  reload(): Promise<void>;
  /** Resolves once an operator had it drained. */
  readonly drained: Promise<void>;
  /** Rejects when it cannot go on. */
  readonly broken: Promise<never>;
}

/** Makes a bridge that is not started yet: `createBridge` of the core. */
export type CreateBridge = (options: {
  readonly config: BridgeConfig;
  readonly registration: Registration;
  readonly adapters: AdapterRegistry;
  readonly log: Log;
  readonly settings: {
    read(): Promise<BridgeConfig>;
    applied(config: BridgeConfig): void;
  };
}) => Promise<Bridge>;

/** Bridges until somebody asks it to stop, or it cannot go on; then what is under way is ended first. */
export const runCommand = (createBridge: CreateBridge): Command => ({
  name: 'run',
  summary: 'Run the bridge',
  flags: [configFlag],
  async run(context, input) {
    const config = await settings(context, input);
    const registration = await usableRegistration(config);
    const { asToken, hsToken } = registration;
    const secrets = [asToken, hsToken, config.secrets.storageKey ?? ''];
    const log = createLog(config.log, { write: context.io.out, secrets });
    const stop = asked(context.io);
    const bridge = await createBridge({
      ...{ config, registration, adapters: context.adapters, log },
      settings: {
        read: () => settings(context, input),
        applied: (next) => log.setLevel(next.log.level),
      },
    });
    const forgetReload = context.io.onReload(() => void bridge.reload());
    try {
      const started = bridge.start().then(() => {
        const networks = Object.keys(config.networks);
        log('info', 'The bridge is running', { port: bridge.port, networks });
      });
      const ended = Promise.race([stop.promise, bridge.drained, bridge.broken]);
      await Promise.race([started, ended]);
      await ended;
      log('info', 'Stopping: what is under way is ended first; ask again to stop at once');
    } finally {
      await bridge.stop();
      stop.forget();
      forgetReload();
    }
    log('info', 'Stopped');
    return 0;
  },
});

/** Listened for from the first moment, so that a start can be broken off as well. */
function asked(io: Io) {
  let forget = () => {};
  const promise = new Promise<void>((resolve) => {
    forget = io.onStop(resolve);
  });
  return { promise, forget };
}
