import { createBridge } from '../../src/app.ts';
import { processIo } from '../../src/cli/io.ts';
import { createLog } from '../../src/cli/log.ts';
import { fromEnvironment, NETWORK, sayReady } from '../wiring.ts';
import { nullAdapter } from './adapter.ts';
import { configOf, registrationOf } from './config.ts';

/** The bridge as the command line starts it, for the null network. */
const wiring = fromEnvironment();
const config = configOf(wiring);
const io = processIo();
const bridge = await createBridge({
  config,
  registration: registrationOf(wiring),
  adapters: { [NETWORK]: async () => nullAdapter },
  log: createLog(config.log, { write: io.out }),
});
io.onStop(() => {
  void bridge.stop().then(() => process.exit(0));
});
await bridge.start();
sayReady();
