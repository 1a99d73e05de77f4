import type { Command } from 'commander';
import { moveProvider, type ProviderMove } from '../admin/providers.ts';
import { referenceOffer } from '../resources/reference-offer.ts';
import { type Folder, type Io, withAdmin } from './with-admin.ts';

export function addProviderCommands(program: Command, io: Io): void {
  const provider = program.command('provider').description('who is connected, and who asked');
  const move = async (domain: string, to: ProviderMove) => {
    await withAdmin(program.opts<Folder>(), (admin) => moveProvider(admin, domain, to));
    io.out(`${domain} is ${to.to}.`);
  };
  provider
    .command('list')
    .description('all, with when an answer is due')
    .action(async () => {
      const rows = await withAdmin(program.opts<Folder>(), ({ store }) => store.providers.all());
      for (const { domain, state, due_ms, note } of rows) {
        const isOpen = ['requested', 'needs_info', 'agreed'].includes(state);
        const due = isOpen ? `due ${new Date(due_ms).toISOString().slice(0, 10)}` : '';
        io.out([domain, state, due, note ?? ''].filter((part) => part !== '').join('  '));
      }
    });
  provider
    .command('approve <domain>')
    .description('agrees, and lets it call from now on')
    .option('--trust-auth', 'its word of who somebody is suffices; otherwise each person is asked')
    .option('--bridges-only', 'its devices are bridges or bots, and have to say so')
    .action((domain: string, options: { trustAuth?: true; bridgesOnly?: true }) =>
      move(domain, {
        to: 'operational',
        trustsAuth: options.trustAuth === true,
        bridgesOnly: options.bridgesOnly === true,
      }),
    );
  provider
    .command('ask <domain> <what>')
    .description('needs to know more')
    .action((domain: string, note: string) => move(domain, { to: 'needs_info', note }));
  provider
    .command('suspend <domain> <reason>')
    .description('refuses its calls until it is approved again; what waits for it is kept')
    .action((domain: string, note: string) => move(domain, { to: 'suspended', note }));
  provider
    .command('end <domain> <reason>')
    .description('for good')
    .action((domain: string, note: string) => move(domain, { to: 'ended', note }));
  program
    .command('reference')
    .description('what is offered to all')
    .command('offer')
    .description('prints the reference offer')
    .action(() => {
      const { domain } = program.opts<Folder>();
      io.out(JSON.stringify(referenceOffer(domain, `https://gia.${domain}`), null, 2));
    });
}
