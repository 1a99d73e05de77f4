/** What a host program needs. */

export * from './adapter/index.ts';
export { type Bridge, type BridgeOptions, createBridge } from './app.ts';
export { type AdapterRegistry, type BridgeConfig, loadConfig } from './config/index.ts';
export { newRegistration, printRegistration, readRegistration } from './matrix/registration.ts';
