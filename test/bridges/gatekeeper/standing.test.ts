import { describe, expect, it, vi } from 'vitest';
import { moveProvider } from '../../../gatekeeper/admin/providers.ts';
import { useGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { approved, openOn } from './bench.ts';

const server = useGatekeeper();
const patience = { timeout: 20_000 };

describe('the network', () => {
  it('says that the gatekeeper is away, and back, and then hears again', async () => {
    const opened = await openOn(await approved(server, 'away.example'));
    await opened.enlist('ann');
    const last = () => opened.standings.at(-1)?.standing.is;

    await server.stop();
    await vi.waitFor(() => expect(last()).toBe('failed'), patience);
    await server.start();
    await vi.waitFor(() => expect(last()).toBe('ready'), patience);

    expect(opened.standings.every(({ voice }) => voice === undefined)).toBe(true);
  });

  it('says that the provider is suspended, and goes on when it is approved again', async () => {
    const domain = 'suspended.example';
    const opened = await openOn(await approved(server, domain));
    await opened.enlist('ann');
    const last = () => opened.standings.at(-1)?.standing;

    moveProvider(server.admin, domain, { to: 'suspended' });
    await vi.waitFor(() => expect(last()).toMatchObject({ is: 'failed' }), patience);
    moveProvider(server.admin, domain, { to: 'operational', trustsAuth: true });

    await vi.waitFor(() => expect(last()).toMatchObject({ is: 'ready' }), patience);
  });
});
